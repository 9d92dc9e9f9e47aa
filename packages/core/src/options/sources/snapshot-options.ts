import { isBytes } from '../../platform/node/is-bytes.ts'
import { isUrl } from '../kinds/path-of-file-url.ts'
import type { LockstepConfig } from '../lockstep-config.ts'

/** They keep their identity: what they hold is the app's, or the backend's. */
const kept: ReadonlySet<string> = new Set(['app', 'backend'])

/**
 * The options as they are now. The program that embeds the launcher may change its object later, or wipe the bytes of a key: neither
 * may have an effect at the next reload.
 */
export function snapshotOptions(given: LockstepConfig): LockstepConfig {
  if (!isObjectOfOptions(given)) return given
  const copies = new Map<object, unknown>()
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, kept.has(name) ? keep(value) : copy(value, copies)]),
  ) as LockstepConfig
}

/** A URL can be changed, unlike its text. */
function keep(value: unknown): unknown {
  return isUrl(value) ? value.href : value
}

function copy(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (copies.has(value)) return copies.get(value)
  if (isBytes(value)) return Buffer.from(value)
  if (Array.isArray(value)) {
    const list: unknown[] = []
    copies.set(value, list)
    for (const one of value) list.push(copy(one, copies))
    return list
  }
  if (!isObjectOfOptions(value)) return value
  const object: Record<string, unknown> = {}
  copies.set(value, object)
  for (const [name, one] of Object.entries(value)) object[name] = copy(one, copies)
  return object
}

function isObjectOfOptions(value: unknown): value is Record<string, unknown> {
  return tagOf(value) === '[object Object]'
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value)
}
