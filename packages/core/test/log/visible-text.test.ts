import { expect, it } from 'vitest'
import { createLogger } from '../../src/log/logger.ts'
import { visibleFacts, visibleJson, visibleLines, visibleText } from '../../src/log/visible-text.ts'

it.each([
  ['\u001b]0;title\u0007', String.raw`\x1b]0;title\x07`],
  ['\u009b31m', String.raw`\x9b31m`],
  ['two\r\nlines\tand a tab', String.raw`two\r\nlines\tand a tab`],
  ['user\u202egpj.exe\u2066', String.raw`user\u202egpj.exe\u2066`],
  ['\u2028\u2029\u0085\u007f\u0000', String.raw`\u2028\u2029\x85\x7f\x00`],
  ['plain text, größe, 日本語, 🙂', 'plain text, größe, 日本語, 🙂'],
])('shows %j on one line, without terminal control sequences', (text, shown) => {
  expect(visibleText(text)).toBe(shown)
})

it('indents all lines of a text except the first', () => {
  expect(visibleLines('Error: one\n✓ \u001b[32mall is well')).toBe('Error: one\n    ✓ \\x1b[32mall is well')
})

it('writes JSON with the same meaning', () => {
  const value = { 'a\u0085': ['\u009b31m', '\u202e', '\u001b', 'ü'] }
  const text = visibleJson(value, 2)
  expect(JSON.parse(text)).toEqual(value)
  expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
})

it('cleans lists, objects and their keys, and leaves dates alone', () => {
  const at = new Date()
  expect(visibleFacts({ list: ['\u001b', { at, 'k\n': null, count: 1 }] })).toEqual({
    list: [String.raw`\x1b`, { at, [String.raw`k\n`]: null, count: 1 }],
  })
})

it.each(['pretty', 'json'] as const)(
  'no field can end a log line in format %s or control the terminal',
  (format) => {
    const lines: string[] = []
    const original = process.stderr.write
    process.stderr.write = ((text: string, ...rest: unknown[]) => {
      lines.push(text)
      for (const each of rest) if (typeof each === 'function') each()
      return true
    }) as typeof process.stderr.write
    try {
      const log = createLogger({ level: 'info', format }, { name: 'na\u001bme', process: 'worker 1' })
      log.error('message\n12:00:00.000 INFO  [primary] forged', {
        reason: '\u009b31m\nforged',
        'odd\u001bname': 1,
        stack: 'Error: first\n12:00:00.000 INFO  [primary] forged\n    at frame (\u001b]0;x\u0007)',
      })
    } finally {
      process.stderr.write = original
    }
    const text = lines.join('')
    expect(text).not.toMatch(/[^\P{Cc}\n]/u)
    expect(text.split('\n').filter((line) => /^\d\d:/.test(line))).toHaveLength(format === 'json' ? 0 : 1)
  },
)
