import { isPemPath, looksLikeKeyText } from '../../options/kinds/tls/pem-path.ts'
import type { Resolved } from '../../options/resolve-options.ts'
import { isBytes } from '../../platform/node/is-bytes.ts'

/** A piece of key material as it was given: a path, PEM text, or bytes. */
export interface PemMaterial {
  readonly value: string | Uint8Array
  /** For messages: which option it is, the file if it is one, and where that was set. Never the material itself. */
  readonly name: string
  /** Where it was set. */
  readonly source: string
}

/** The pieces of an option that takes one or several. */
export function pemMaterial(
  option: string,
  { value, source }: Resolved<string | Uint8Array | readonly (string | Uint8Array)[] | null>,
): PemMaterial[] {
  const values = value === null ? [] : typeof value === 'string' || isBytes(value) ? [value] : value
  return values.map((one) => ({
    value: one,
    name: `${option}${shownPath(one)} (${source.label})`,
    source: source.label,
  }))
}

function shownPath(value: string | Uint8Array): string {
  if (!isPemPath(value)) return ''
  return looksLikeKeyText(value) ? ' (not shown: it is not a path)' : ` ${value}`
}
