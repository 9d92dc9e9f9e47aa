/** Who has connected to the load balancer. */
export interface ProxySource {
  /** An IP address; `null` for a client of a UNIX domain socket. */
  readonly address: string | null
  readonly port: number | null
}

export type ParsedHeader =
  | {
      readonly kind: 'header'
      /** In bytes. What follows is the client's. */
      readonly length: number
      /** `null`: the load balancer speaks for itself, or does not know; its connection counts. */
      readonly source: ProxySource | null
      /** The load balancer speaks for itself, as in a health check. */
      readonly isLocal: boolean
    }
  /** More bytes are needed. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'invalid'; readonly reason: string }

export const incomplete: ParsedHeader = { kind: 'incomplete' }

export function invalid(reason: string): ParsedHeader {
  return { kind: 'invalid', reason }
}
