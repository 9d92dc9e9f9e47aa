/** An address that is listened on, with port 0 and names resolved. */
export type BoundAddress =
  | {
      readonly kind: 'tcp'
      /** IP address. */
      readonly host: string
      readonly port: number
      /** The default port, when that was taken and another one was used. */
      readonly movedFrom?: number
    }
  | { readonly kind: 'unix'; readonly path: string }
  /** A named pipe of Windows. */
  | { readonly kind: 'pipe'; readonly path: string }
