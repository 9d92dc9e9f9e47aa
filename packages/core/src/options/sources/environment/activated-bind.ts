import type { BindAddress } from '../../../platform/net/address/format-bind-address.ts'
import type { ResolvedOptions } from '../../resolve-options.ts'
import { sourceKinds } from '../raw-options.ts'
import type { InheritedSocket } from './service-variables.ts'

/**
 * The options with the sockets of a service manager as `bind`, in the rank of the environment: a stronger or equal source that
 * names addresses itself holds. What `tls.redirect` names is left to it.
 */
export function withActivatedBind(
  options: ResolvedOptions,
  sockets: readonly InheritedSocket[],
): ResolvedOptions {
  const { bind } = options
  const isNamed =
    bind.source.kind !== 'default' &&
    sourceKinds.indexOf(bind.source.kind) >= sourceKinds.indexOf('environment')
  const left = unnamedSockets(sockets, options['tls.redirect'].value ?? [])
  if (isNamed || left.length === 0) return options
  return {
    ...options,
    bind: {
      value: left.map(({ fd }) => ({ kind: 'fd', fd })),
      source: { kind: 'environment', label: 'LISTEN_FDS', directory: bind.source.directory },
    },
  }
}

/** The sockets that no address names, by number or by name. */
export function unnamedSockets(
  sockets: readonly InheritedSocket[],
  addresses: readonly BindAddress[],
): InheritedSocket[] {
  return sockets.filter(
    ({ fd, name }) =>
      !addresses.some(
        (address) =>
          (address.kind === 'fd' && address.fd === fd) ||
          (address.kind === 'fd-name' && address.name === name),
      ),
  )
}
