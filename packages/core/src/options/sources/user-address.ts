import type { Resolved, ResolvedOptions } from '../resolve-options.ts'
import { sourceKinds } from './raw-options.ts'

/**
 * The options with the `host` and the `port` of the user instead of `bind`, if that is a default of a product: the user of its command has not written it, and
 * any other default yields too. Of a single address of TCP, what the user leaves open stays.
 */
export function withUserAddress(options: ResolvedOptions): ResolvedOptions {
  const { bind, host, port } = options
  const isSet = ({ source }: Resolved<unknown>): boolean =>
    sourceKinds.indexOf(source.kind) > sourceKinds.indexOf('launcher')
  if (bind.value === null || bind.source.kind !== 'launcher' || !(isSet(host) || isSet(port))) return options
  const [first, ...others] = bind.value
  const address = first?.kind === 'tcp' && others.length === 0 ? first : null
  return {
    ...options,
    bind: { value: null, source: bind.source },
    ...(address && !isSet(host) && { host: { value: address.host, source: bind.source } }),
    ...(address && !isSet(port) && { port: { value: address.port, source: bind.source } }),
  }
}
