import { isBytes } from '../../../platform/node/is-bytes.ts'
/**
 * The values of a configuration file as text, so that they can come from another process, which is not trusted to send objects of its
 * own making. What can't cross, such as a function or an app, is named as something in memory.
 */
export function encodeConfig(value: unknown): string {
  return JSON.stringify(encode(value))
}

/**
 * `inMemory` returns the substitute of a value that can't cross, by its path in the file. Throws for text that was not encoded here.
 */
export function decodeConfig(text: string, inMemory: (path: readonly string[]) => unknown): unknown {
  return decode(JSON.parse(text) as Encoded, { path: [], inMemory })
}

type Encoded =
  | { readonly is: 'value'; readonly value: string | number | boolean | null }
  | { readonly is: 'unset' | 'in memory' }
  | { readonly is: 'bytes'; readonly base64: string }
  | { readonly is: 'list'; readonly items: readonly Encoded[] }
  | { readonly is: 'object'; readonly entries: readonly (readonly [string, Encoded])[] }

function encode(value: unknown): Encoded {
  if (value === undefined) return { is: 'unset' }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return { is: 'value', value }
  if (typeof value === 'number' && Number.isFinite(value)) return { is: 'value', value }
  if (isBytes(value)) return { is: 'bytes', base64: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return { is: 'list', items: value.map(encode) }
  if (isPlain(value))
    return { is: 'object', entries: Object.entries(value).map(([key, one]) => [key, encode(one)] as const) }
  return { is: 'in memory' }
}

function decode(
  encoded: Encoded,
  context: { path: readonly string[]; inMemory: (path: readonly string[]) => unknown },
): unknown {
  const below = (key: string, one: Encoded): unknown =>
    decode(one, { ...context, path: [...context.path, key] })
  switch (encoded.is) {
    case 'value':
      return encoded.value
    case 'unset':
      return undefined
    case 'in memory':
      return context.inMemory(context.path)
    case 'bytes':
      return new Uint8Array(Buffer.from(encoded.base64, 'base64'))
    case 'list':
      return encoded.items.map((one, index) => below(String(index), one))
    case 'object':
      return Object.fromEntries(encoded.entries.map(([key, one]) => [key, below(key, one)]))
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // By its shape, since an object may come from another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** The value at a path of an object. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  return typeof value === 'object' && value !== null
    ? valueAt((value as Record<string, unknown>)[key], rest)
    : undefined
}
