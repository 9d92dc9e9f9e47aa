import { readFileSync } from 'node:fs'
import type { Fault } from '../errors/launch-error.ts'
import { isPemPath } from '../options/kinds.ts'
import type { OptionName } from '../options/option-table.ts'
import type { Resolved } from '../options/resolve-options.ts'

/** The PEM text of an option, from its file or from memory, or why there is none. */
export function readPem(
  name: OptionName,
  { value, source }: Resolved<string | Uint8Array>,
): { text: string } | { fault: Fault } {
  const at = { source: source.label }
  const where = pemName(name, { value, source })
  let bytes: Uint8Array
  try {
    bytes = isPemPath(value) ? readFileSync(value) : typeof value === 'string' ? Buffer.from(value) : value
  } catch (cause) {
    return {
      fault: {
        code: 'ERR_TLS_FILE_UNREADABLE',
        message: `${where} can not be read: ${whyUnreadable(cause)}.`,
        hint: 'Name a file that this user may read.',
        cause,
        ...at,
      },
    }
  }
  if (bytes.length === 0)
    return {
      fault: {
        code: 'ERR_TLS_FILE_UNREADABLE',
        message: `${where} is empty.`,
        hint: 'Write the PEM text into it.',
        ...at,
      },
    }
  if (isUtf16(bytes)) {
    return {
      fault: {
        code: 'ERR_TLS_ENCODING',
        message: `${where} is saved as UTF-16; PEM is ASCII (RFC 7468).`,
        hint: "Save it as UTF-8. In PowerShell: Set-Content -Encoding utf8, or 'openssl … -out FILE' in place of '>'.",
        ...at,
      },
    }
  }
  // A byte order mark and Windows line ends are harmless, but not every reader of PEM agrees.
  return {
    text: Buffer.from(bytes)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .replaceAll('\r\n', '\n')
      // In a variable, line breaks are often written out.
      .replaceAll('\\n', '\n'),
  }
}

/** Base64 without its PEM header, given where a path was meant: it must not reach a log. */
const keyMaterial = /[A-Za-z0-9+/=]{100,}$/

/** PEM material for messages: which option it is, the file if it is one, and where that was set. */
export function pemName(name: OptionName, { value, source }: Resolved<string | Uint8Array>): string {
  const shown = isPemPath(value)
    ? keyMaterial.test(value)
      ? ' (not shown: it is no path)'
      : ` ${value}`
    : ''
  return `${name}${shown} (${source.label})`
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission is denied',
  ENAMETOOLONG: 'there is no such file',
}

export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? (error instanceof Error ? error.message : String(error))
}

function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes
  return (
    (first === 0xff && second === 0xfe) ||
    (first === 0xfe && second === 0xff) ||
    bytes.subarray(0, 64).includes(0)
  )
}
