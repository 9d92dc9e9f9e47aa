import { readFileSync } from 'node:fs'
import type { Fault } from '../errors/launch-error.ts'
import { isPemPath } from '../options/pem-path.ts'
import type { PemMaterial } from './pem-material.ts'

/** The bytes of a piece of key material, from its file or from memory, or why there are none. */
export function readBytes({ value, name, source }: PemMaterial): { bytes: Uint8Array } | { fault: Fault } {
  let bytes: Uint8Array
  try {
    bytes = isPemPath(value) ? readFileSync(value) : typeof value === 'string' ? Buffer.from(value) : value
  } catch (cause) {
    return {
      fault: {
        code: 'ERR_TLS_FILE_UNREADABLE',
        message: `${name} can not be read: ${whyUnreadable(cause)}.`,
        hint: 'Name a file that this user may read.',
        cause,
        source,
      },
    }
  }
  if (bytes.length > 0) return { bytes }
  return {
    fault: {
      code: 'ERR_TLS_FILE_UNREADABLE',
      message: `${name} is empty.`,
      hint: 'Write the PEM text into it.',
      source,
    },
  }
}

/** The PEM text of a piece of key material, or why there is none. */
export function readPem(material: PemMaterial): { text: string } | { fault: Fault } {
  const read = readBytes(material)
  if ('fault' in read) return read
  if (isUtf16(read.bytes)) {
    return {
      fault: {
        code: 'ERR_TLS_ENCODING',
        message: `${material.name} is saved as UTF-16; PEM is ASCII (RFC 7468).`,
        hint: "Save it as UTF-8. In PowerShell: Set-Content -Encoding utf8, or 'openssl … -out FILE' in place of '>'.",
        source: material.source,
      },
    }
  }
  // A byte order mark and Windows line ends are harmless, but not every reader of PEM agrees.
  return {
    text: Buffer.from(read.bytes)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .replaceAll('\r\n', '\n')
      // In a variable, line breaks are often written out.
      .replaceAll('\\n', '\n'),
  }
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
