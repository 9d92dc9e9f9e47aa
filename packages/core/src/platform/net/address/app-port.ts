/** A port of TCP at an address, or at any address (`null`). */
export interface AppPort {
  readonly host: string | null
  readonly port: number
}
