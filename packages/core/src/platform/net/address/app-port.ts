/** A port of TCP at an address, or at any address (`null`). */
export interface AppPort {
  /** The address that the app listens on; `null`: any. */
  readonly host: string | null
  /** From 1. */
  readonly port: number
}
