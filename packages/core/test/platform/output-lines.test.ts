import { describe, expect, it } from 'vitest'
import { OutputLines } from '../../src/platform/program/output-lines.ts'

function linesOf(...pieces: readonly (string | Buffer)[]): string[] {
  const lines: string[] = []
  const cutter = new OutputLines((line) => lines.push(line))
  for (const piece of pieces) cutter.push(Buffer.from(piece))
  cutter.end()
  return lines
}

describe('the lines of a program', () => {
  it('come without their ends, also those of Windows', () => {
    expect(linesOf('one\ntwo\r\n\nfour')).toEqual(['one', 'two', '', 'four'])
  })

  it('are put together from pieces, also when an end or a character is cut in two', () => {
    const bytes = Buffer.from('héllo ✓\r\nnext\n')
    expect(linesOf(...[...bytes].map((byte) => Buffer.from([byte])))).toEqual(['héllo ✓', 'next'])
  })

  it('are as a terminal shows them last, when they are drawn again and again', () => {
    expect(linesOf('\r 10%\r 50%', '\r100%\ndone\r\n')).toEqual(['100%', 'done'])
  })

  it('are bounded, and no character is cut by that', () => {
    const [first = '', second = '', ...others] = linesOf(`${'a'.repeat(16_383)}😀b\n`)
    expect([first, second, ...others]).toEqual(['a'.repeat(16_383), '😀b'])
  })

  it('are bounded without any end', () => {
    expect(linesOf('x'.repeat(100_000)).every((line) => line.length <= 16_384)).toBe(true)
    expect(linesOf('x'.repeat(100_000)).join('')).toHaveLength(100_000)
  })

  it('stand for bytes that are not UTF-8 too', () => {
    expect(linesOf(Buffer.from([0x61, 0xff, 0x62, 0x0a]))).toEqual(['a\ufffdb'])
  })
})
