/** The encodings in which editors and shells save text. */
export const encodings = [
  'UTF-8',
  'UTF-8 with a mark',
  'UTF-16LE',
  'UTF-16LE with a mark',
  'UTF-16BE',
  'UTF-16BE with a mark',
  'UTF-32LE',
  'UTF-32LE with a mark',
  'UTF-32BE',
  'UTF-32BE with a mark',
  'Latin-1',
] as const

export type Encoding = (typeof encodings)[number]

export function encoded(text: string, encoding: Encoding): Buffer {
  const whole = encoding.endsWith('with a mark') ? `\uFEFF${text}` : text
  if (encoding === 'Latin-1') return Buffer.from(whole, 'latin1')
  if (encoding.startsWith('UTF-8')) return Buffer.from(whole)
  if (encoding.startsWith('UTF-16')) {
    const bytes = Buffer.from(whole, 'utf16le')
    return encoding.startsWith('UTF-16LE') ? bytes : bytes.swap16()
  }
  const bytes = Buffer.alloc([...whole].length * 4)
  for (const [index, character] of [...whole].entries()) {
    const point = character.codePointAt(0) ?? 0
    if (encoding.startsWith('UTF-32LE')) bytes.writeUInt32LE(point, index * 4)
    else bytes.writeUInt32BE(point, index * 4)
  }
  return bytes
}
