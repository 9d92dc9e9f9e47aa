// The encoding of a file and the order of flags never change the plan. Either the plan is the same, or the launch is refused.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Encoding, encoded, encodings } from '../../../../test/support/text-encodings.ts'
import { optionNames } from '../../src/options/option-table.ts'
import { gatherOptions } from '../../src/options/sources/gather-options.ts'
import { readArgv } from '../../src/options/sources/read-argv.ts'
import { readPassphrase } from '../../src/tls/material/read-passphrase.ts'
import { readBlocks } from '../../src/tls/material/read-pem.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-same-plan-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Latin-1 lacks most of the world's letters, so an editor would not save such a text in it. */
const encodingsOf = (text: string): readonly Encoding[] =>
  encodings.filter((encoding) => encoding !== 'Latin-1' || !/[^\0-\xff]/.test(text))

const lineEnds = ['\n', '\r\n', '\r'] as const

/** Pseudo-random numbers, the same in each run (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

type Values = Record<string, unknown>

/** Returns the value of each option, or `null` if the launch is refused. */
async function planOf(
  sources: Parameters<typeof gatherOptions>[1],
  words: readonly string[] = [],
): Promise<Values | null> {
  const { values: argv, faults } = readArgv(words, { directory: folder })
  const found = await gatherOptions(
    { argv, faults },
    { directory: folder, environment: {}, config: false, envFile: false, ...sources },
  )
  if (found.faults.length > 0) return null
  return Object.fromEntries(optionNames.map((name) => [name, found.options[name].value]))
}

const settings: readonly (readonly [path: string, values: readonly (string | number)[]])[] = [
  ['backlog', [1, 99, 4096]],
  ['host', ['127.0.0.1', '::1']],
  ['log.level', ['warn', 'debug']],
  ['timeouts.keepAlive', ['7s', '1m']],
  ['name', ['plain', 'with a space', 'größe', 'a # b', 'x=y: z', '名前']],
  ['tls.cert', ['cert.pem', 'Acme,, Inc/cert.pem', 'a.pem,b.pem']],
]

interface Chosen {
  readonly name: string
  readonly value: string | number
}

function choose(next: (below: number) => number): Chosen[] {
  return settings
    .filter(() => next(3) > 0)
    .map(([name, values]) => ({ name, value: values[next(values.length)] ?? '' }))
}

const variable = (name: string): string =>
  `LOCKSTEP_${name
    .replaceAll('.', '_')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase()}`

function envText(chosen: readonly Chosen[], next: (below: number) => number): string {
  const lines = chosen.flatMap(({ name, value }) => {
    const quote = /[# ]/.test(String(value)) ? '"' : ['', '"', "'", '`'][next(4)]
    const line = `${next(3) === 0 ? 'export ' : ''}${variable(name)}=${quote}${value}${quote}${next(3) === 0 ? ' # é' : ''}`
    return next(2) === 0 ? ['# comment', '', line] : [line]
  })
  return `${lines.join('\n')}\n`
}

function nested(chosen: readonly Chosen[]): object {
  const root: Record<string, Record<string, unknown> | unknown> = {}
  for (const { name, value } of chosen) {
    const [head = '', leaf] = name.split('.')
    if (leaf === undefined) root[head] = value
    else root[head] = { ...(root[head] as object | undefined), [leaf]: value }
  }
  return root
}

const formats: Record<string, (chosen: readonly Chosen[]) => string> = {
  json: (chosen) => JSON.stringify(nested(chosen), null, 2),
  jsonc: (chosen) =>
    `// first\n${JSON.stringify(nested(chosen), null, 2).replace(/\n}$/, ',\n}')}\n`.replace('{,', '{'),
  json5: (chosen) => `// first\n${JSON.stringify(nested(chosen), null, 2)}\n`,
  yaml: (chosen) => `# first\n${JSON.stringify(nested(chosen), null, 2)}\n`,
  yml: (chosen) =>
    `# first\n${chosen.map(({ name, value }) => `${name}: ${JSON.stringify(value)}\n`).join('') || '{}\n'}`,
  toml: (chosen) =>
    `# first\n${chosen.map(({ name, value }) => `${name} = ${JSON.stringify(value)}\n`).join('')}`,
}

const codeFormats: typeof formats = {
  js: (chosen) => `// first\nexport default ${JSON.stringify(nested(chosen), null, 2)}\n`,
  mjs: (chosen) => `// first\nexport default ${JSON.stringify(nested(chosen), null, 2)}\n`,
  ts: (chosen) => `// first\nexport default ${JSON.stringify(nested(chosen), null, 2)} as object\n`,
  cjs: (chosen) => `// first\nmodule.exports = ${JSON.stringify(nested(chosen), null, 2)}\n`,
}

/** The encodings that Windows programs commonly use, and that are read in every data format. */
const readable: readonly Encoding[] = [
  'UTF-8',
  'UTF-8 with a mark',
  'UTF-16LE with a mark',
  'UTF-16BE with a mark',
]

describe('a text that is saved in another encoding', () => {
  it('has the same meaning in .env, or is refused', async () => {
    let read = 0
    for (let seed = 0; seed < 20; seed += 1) {
      const next = numbers(seed)
      const chosen = choose(next)
      const text = envText(chosen, next)
      const file = join(folder, '.env')
      writeFileSync(file, text)
      const wanted = await planOf({ envFile: file })
      expect(wanted, text).not.toBeNull()
      for (const { name, value } of chosen.filter(({ name }) => name === 'name'))
        expect(wanted?.[name]).toBe(value)
      for (const encoding of encodingsOf(text)) {
        for (const lineEnd of lineEnds) {
          writeFileSync(file, encoded(text.replaceAll('\n', lineEnd), encoding))
          const plan = await planOf({ envFile: file })
          if (plan === null) continue
          read += 1
          expect(plan, `${encoding} ${JSON.stringify(lineEnd)} ${text}`).toEqual(wanted)
        }
      }
    }
    // At least the four readable encodings, with each line end.
    expect(read).toBeGreaterThan(20 * 4 * lineEnds.length - 1)
  })

  it.each([
    ...Object.entries(formats).map(([format, write]) => ({ format, write, read: readable })),
    ...Object.entries(codeFormats).map(([format, write]) => ({ format, write, read: readable.slice(0, 2) })),
  ])(
    'has the same meaning in a configuration file, or is refused: $format',
    async ({ format, write, read }) => {
      for (let seed = 0; seed < 4; seed += 1) {
        const text = write(choose(numbers(seed + 100)))
        const plain = join(folder, `plain-${seed}.${format}`)
        writeFileSync(plain, text)
        const wanted = await planOf({ config: plain })
        expect(wanted, text).not.toBeNull()
        for (const [index, encoding] of encodingsOf(text).entries()) {
          for (const [end, lineEnd] of lineEnds.entries()) {
            const file = join(folder, `config-${seed}-${index}-${end}.${format}`)
            writeFileSync(file, encoded(text.replaceAll('\n', lineEnd), encoding))
            const plan = await planOf({ config: file })
            if (plan === null && !read.includes(encoding)) continue
            expect(plan, `${encoding} ${JSON.stringify(lineEnd)} ${text}`).toEqual(wanted)
          }
        }
      }
    },
    30_000,
  )

  it('is the same passphrase and the same PEM, or is refused', async () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n'
    for (const encoding of encodings) {
      for (const lineEnd of lineEnds) {
        const file = join(folder, 'text')
        writeFileSync(file, encoded(`größe${lineEnd}`, encoding))
        const { passphrase } = await readPassphrase([{ way: 'file', value: file, label: 'test' }])
        expect([null, 'größe'], `${encoding} ${JSON.stringify(lineEnd)}`).toContain(passphrase)
        writeFileSync(file, encoded(pem.replaceAll('\n', lineEnd), encoding))
        const found = readBlocks(
          { value: file, name: 'test', source: 'test' },
          'LOCKSTEP_ERR_TLS_CERT_INVALID',
        )
        if ('blocks' in found) expect(found.blocks.map((block) => block.pem)).toEqual([pem])
      }
    }
  })

  it('is refused with a NUL anywhere in .env', async () => {
    const file = join(folder, '.env')
    const text = 'LOCKSTEP_NAME="a b"\nLOCKSTEP_BACKLOG=99\n'
    for (let length = 0; length < text.length; length += 1) {
      writeFileSync(file, `${text.slice(0, length)}\0${text.slice(length)}`)
      expect(await planOf({ envFile: file })).toBeNull()
    }
  })
})

it('flags in any order, also repeated, make the same plan, or are refused', async () => {
  const flags: readonly (readonly string[])[] = [
    ['--backlog', '9'],
    ['--backlog', '10'],
    ['--workers', '2'],
    ['-w', '2'],
    ['-w3'],
    ['--verify'],
    ['--no-verify'],
    ['--log-level=debug'],
    ['--tls-cert', 'a.pem'],
    ['--ssl-certfile', 'b.pem'],
    ['--tls-key', 'a.key'],
    ['--keyfile', 'b.key'],
    ['--name', 'x'],
  ]
  let planned = 0
  for (let seed = 0; seed < 150; seed += 1) {
    const next = numbers(seed)
    const some = flags.filter(() => next(4) === 0)
    const shuffled = [...some, ...some.filter(() => next(3) === 0 && some.length > 0)]
      .map((flag) => ({ flag, place: next(1_000_000) }))
      .sort((one, other) => one.place - other.place)
      .map(({ flag }) => flag)
    const [straight, mixed] = [await planOf({}, some.flat()), await planOf({}, shuffled.flat())]
    if (straight === null || mixed === null) {
      expect(straight === null, shuffled.join(' ')).toBe(mixed === null)
      continue
    }
    planned += 1
    expect(withSets(mixed), shuffled.join(' ')).toEqual(withSets(straight))
  }
  expect(planned).toBeGreaterThan(20)
})

/** Lists are joined in the order of their flags, which the user chooses. A repeated value changes nothing. */
function withSets(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      Array.isArray(value) ? [...new Set(value)].sort() : value,
    ]),
  )
}
