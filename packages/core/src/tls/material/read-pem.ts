import {
  type MaterialKind,
  materialKind,
  type PemBlock,
  readPemBlocks,
  wideEncoding,
} from '@lockstep/certs/judge'
import { whyFileFails } from '../../errors/file-error.ts'
import type { Fault } from '../../errors/launch-error.ts'
import { isPemPath, looksLikeKeyText } from '../../options/kinds/tls/pem-path.ts'
import type { Resolved } from '../../options/resolve-options.ts'
import { readAndNote } from '../../platform/files/read-and-note.ts'
import { isBytes } from '../../platform/node/is-bytes.ts'

/** The bytes of a piece of key material, from its file or from memory, or why there are none. */
export function readBytes({ value, name, source }: PemMaterial): { bytes: Uint8Array } | { fault: Fault } {
  let bytes: Uint8Array
  try {
    bytes = isPemPath(value) ? readAndNote(value) : typeof value === 'string' ? Buffer.from(value) : value
  } catch (cause) {
    return {
      fault: {
        code: 'LOCKSTEP_ERR_TLS_FILE_UNREADABLE',
        message: `${name} cannot be read: ${whyFileFails(cause)}.`,
        hint: 'Name a file that this user may read.',
        cause,
        source,
      },
    }
  }
  if (bytes.length > 0) return { bytes }
  return {
    fault: {
      code: 'LOCKSTEP_ERR_TLS_FILE_UNREADABLE',
      message: `${name} is empty.`,
      hint: 'Write the PEM text into it.',
      source,
    },
  }
}

/** The code of a fault that says what a file is instead of what it should be. */
type InvalidCode = Extract<Fault['code'], `LOCKSTEP_ERR_TLS_${string}_INVALID`>

/** The blocks of a piece of key material, all of them, or why they can't be had: it is another kind of file, or damaged. */
export function readBlocks(
  material: PemMaterial,
  code: InvalidCode,
): { blocks: readonly PemBlock[] } | { fault: Fault } {
  const read = readBytes(material)
  if ('fault' in read) return read
  const { name, source } = material
  const fail = (fault: Pick<Fault, 'code' | 'message' | 'hint'>): { fault: Fault } => ({
    fault: { ...fault, source },
  })
  const wide = wideEncoding(read.bytes)
  if (wide) {
    return fail({
      code: 'LOCKSTEP_ERR_TLS_ENCODING',
      message: `${name} is saved as ${wide}; PEM is ASCII (RFC 7468).`,
      hint: "Save it as UTF-8. In PowerShell: Set-Content -Encoding utf8, or 'openssl … -out FILE' instead of '>'.",
    })
  }
  // A byte order mark is harmless, but not every reader of PEM agrees.
  const text = Buffer.from(read.bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    // In a variable, line breaks are often written out.
    .replaceAll('\\n', '\n')
  const reading = readPemBlocks(text)
  if (reading.kind === 'broken') {
    return fail({
      code,
      message: `${name} ${reading.says}.`,
      hint: 'Copy the whole file again. No part of it is used, since a server without that part would fail for some clients.',
    })
  }
  if (reading.blocks.length > 0) return reading
  const kind = materialKind(read.bytes)
  return kind ? fail(otherKind({ code, material, kind })) : { blocks: [] }
}

/** The fault that calls a file what it is. */
export function otherKind({
  code,
  material: { name, value },
  kind,
}: {
  code: InvalidCode
  material: PemMaterial
  kind: MaterialKind
}): Pick<Fault, 'code' | 'message' | 'hint'> {
  const file = typeof value === 'string' && isPemPath(value) ? value : 'FILE'
  return {
    code,
    message: `${name} is ${kind.name}, and PEM is needed.`,
    hint: kind.cure.replaceAll('FILE', file),
  }
}

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
