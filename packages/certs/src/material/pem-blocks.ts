import { announcedBytes, derTags } from './der.ts'

/** One block of PEM (RFC 7468), from its BEGIN to its END. */
export interface PemBlock {
  /** For example `CERTIFICATE`. */
  readonly label: string
  /** The block alone, written as every reader takes it. */
  readonly pem: string
  /** Its content. For an encrypted key of the old form it is not DER. */
  readonly der: Uint8Array
}

/** The blocks of a text in their order, or what is wrong with it. */
export type PemReading =
  | { readonly kind: 'blocks'; readonly blocks: readonly PemBlock[] }
  /** `says` is the end of a sentence about the text, without its full stop. */
  | { readonly kind: 'broken'; readonly says: string }

/**
 * Reads every block of a text, or says why one of them can't be read. OpenSSL, which other servers read by, stops at a block
 * that is damaged; a reader that skips it silently drops a certificate. Text between blocks is allowed (RFC 7468 section
 * 2), unless it looks like a part of one.
 */
export function readPemBlocks(given: string): PemReading {
  const text = given.replaceAll(/\r\n?/g, '\n')
  const lineOf = (index: number): number => text.slice(0, index).split('\n').length
  const broken = (says: string): PemReading => ({ kind: 'broken', says })
  const blocks: PemBlock[] = []
  let open: { label: string; start: number; line: number } | null = null
  let end = 0
  for (const { 0: boundary, 1: kind, 2: label = '', index } of text.matchAll(boundaries)) {
    const line = lineOf(index)
    if (open === null) {
      const stray = strayLine(text.slice(end, index), lineOf(end))
      if (stray) return broken(stray)
      if (kind === 'END')
        return broken(`has the end of a ${label} in line ${line}, and no beginning before it`)
      open = { label, start: index + boundary.length, line }
      continue
    }
    if (kind === 'BEGIN') return broken(withoutEnd(open))
    if (label !== open.label)
      return broken(
        `has a block that begins as ${open.label} in line ${open.line} and ends as ${label} in line ${line}`,
      )
    const block = readBlock(open.label, text.slice(open.start, index))
    if (typeof block === 'string') return broken(`has a ${open.label} in line ${open.line} that ${block}`)
    blocks.push(block)
    open = null
    end = index + boundary.length
  }
  if (open) return broken(withoutEnd(open))
  const stray = strayLine(text.slice(end), lineOf(end))
  return stray ? broken(stray) : { kind: 'blocks', blocks }
}

/** Labels are capital letters, digits and spaces as a rule; any other makes it no block that is known here. */
const boundaries = /-----(BEGIN|END) ([^\n]*?)-----/g

function withoutEnd({ label, line }: { label: string; line: number }): string {
  return `is cut off or damaged: the ${label} that begins in line ${line} has no end (-----END ${label}-----)`
}

/** A block, or the end of a sentence about what is wrong with it. */
function readBlock(label: string, text: string): PemBlock | string {
  const lines = text.split('\n').map((line) => line.trim())
  // RFC 1421 section 4.6: an encrypted key of the old form has headers, and an empty line behind them.
  const headers = lines.filter((line) => /^[A-Za-z0-9-]+:/.test(line))
  const base64 = lines
    .filter((line) => !headers.includes(line))
    .join('')
    .replaceAll(/\s/g, '')
  const wrong = /[^A-Za-z0-9+/=]|=(?=[^=])/.exec(base64)
  if (wrong) return `is damaged: there is ${JSON.stringify(wrong[0])} among its Base64`
  if (base64 === '') return 'is empty'
  const der = Buffer.from(base64, 'base64')
  const announced = der[0] === derTags.sequence ? announcedBytes(der) : null
  if (announced !== null && announced > der.length)
    return `is cut off: it should have ${announced} bytes and has ${der.length}`
  const body = base64.match(/.{1,64}/g) ?? []
  return {
    label,
    der,
    pem: [
      `-----BEGIN ${label}-----`,
      ...headers,
      ...(headers.length > 0 ? [''] : []),
      ...body,
      `-----END ${label}-----`,
      '',
    ].join('\n'),
  }
}

/** Text that is not a comment: a boundary that was damaged, or a part of a block that has lost it. */
function strayLine(text: string, firstLine: number): string | null {
  for (const [index, line] of text.split('\n').entries()) {
    const place = `line ${firstLine + index}`
    if (/-+ *(?:BEGIN|END) [A-Z0-9 ]+|\b(?:BEGIN|END) [A-Z0-9 ]+--/.test(line))
      return `is damaged: ${place} looks like a boundary, which has five hyphens on each side`
    const bare = line.trim()
    if (/^[A-Za-z0-9+/]{40,}={0,2}$/.test(bare) && !/^[0-9A-Fa-f]+$/.test(bare))
      return `is damaged: ${place} looks like a part of a block, but is outside of every block`
  }
  return null
}
