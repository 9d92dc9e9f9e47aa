import type { BindAddress } from './format-bind-address.ts'

/** An address as it is bound: names of inherited sockets are resolved. */
export type PlannedAddress = (
  | (Extract<BindAddress, { kind: 'tcp' }> & {
      /** Only IPv6, where the host is `::`; unset, that is every interface of IPv4 too. */
      readonly ipv6Only?: true
      /** Bound instead where this machine does not have the host. */
      readonly elseHost?: string
    })
  | Extract<BindAddress, { kind: 'pipe' | 'fd' }>
  | (Extract<BindAddress, { kind: 'unix' }> & {
      /** Who may connect; unset, the umask and the folder decide. */
      readonly access?: SocketAccess
    })
) & {
  /** When the port is taken, take another, because the user did not set this one. */
  readonly mayMove: boolean
}

/** Of the file of a UNIX domain socket; users that may write to it may connect. `null`: as the system makes it. */
export interface SocketAccess {
  /** Permission bits. */
  readonly mode: number | null
  /** The id of its owner. */
  readonly uid: number | null
  /** The id of its group. */
  readonly gid: number | null
}
