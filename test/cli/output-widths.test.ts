import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { main } from 'lockstep'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fixtures } from '../support/lockstep.ts'

const command = fileURLToPath(new URL('../../packages/cli/bin/lockstep.js', import.meta.url))

const widths = [60, 80, 120] as const

/** What a command line writes, and its exit code, where text may take this many columns. */
async function written(words: readonly string[], columns: number): Promise<{ code: number; text: string }> {
  vi.stubEnv('COLUMNS', String(columns))
  let text = ''
  const take = (more: string): void => {
    text += more
  }
  const code = await main(words, { out: take, err: take })
  return { code, text: stripVTControlCharacters(text) }
}

afterEach(() => void vi.unstubAllEnvs())

const tooWide = (text: string, columns: number): string[] =>
  text.split('\n').filter((line) => line.length > columns)

/** All that the overview lists. */
async function commandNames(): Promise<string[]> {
  const { text } = await written(['help'], 200)
  const section = text.split('\n\n').find((part) => part.startsWith('Commands\n')) ?? ''
  return Array.from(section.matchAll(/^ {2}([a-z-]+(?: [a-z]+)?)/gm), ([, name = '']) => name)
}

describe.each(widths)('in %i columns', (columns) => {
  it('the help of each command fits, and uses the width', async () => {
    const names = await commandNames()
    expect(names).toContain('cert untrust')
    for (const words of [
      ['help'],
      ['help', 'cert'],
      ...names.map((name) => [...name.split(' '), '--help']),
    ]) {
      const { code, text } = await written(words, columns)
      expect({ words, code, tooWide: tooWide(text, columns) }).toEqual({ words, code: 0, tooWide: [] })
    }
    const { text } = await written(['help'], columns)
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeGreaterThan(columns - 8)
  })

  it('the error of each command fits, with its code in one piece', async () => {
    for (const name of await commandNames()) {
      const { code, text } = await written([...name.split(' '), '--not-there'], columns)
      // A path or a link stays whole.
      const lines = tooWide(text, columns).filter((line) => line.trim().includes(' '))
      expect({ name, code, lines }).toEqual({ name, code: 2, lines: [] })
      expect(text).toMatch(/^✗ --not-there is not an option/m)
      expect(text).toMatch(/^ {2}\[LOCKSTEP_ERR_OPTION_UNKNOWN\](?: |\n {2})\S*docs\/errors\.md/m)
    }
  })

  it('what, where, cure and code of an error are on lines of their own', async () => {
    vi.stubEnv('LOCKSTEP_WORKERS', 'many')
    const { text } = await written(['run', `${fixtures}apps/hello.js`], columns)
    const plain = text.replaceAll(/\n {2}(?! *\[)/g, ' ')
    expect(plain).toMatch(/^✗ .*found "many".*LOCKSTEP_WORKERS.*\n {2}\[LOCKSTEP_ERR_OPTION_INVALID\]/)
    expect(tooWide(text, columns).filter((line) => line.trim().includes(' '))).toEqual([])
  })
})

describe('a path that is longer than a line', () => {
  it('stays whole, so that it can be copied', async () => {
    const path = `./${'folder/'.repeat(20)}app.js`
    const { text } = await written(['run', path], 60)
    expect(text).toContain(path)
  })
})

describe.skipIf(process.platform !== 'linux')('on a terminal', () => {
  it.each(widths)('of %i columns, help and errors fit', (columns) => {
    const text = stripVTControlCharacters(onTerminal(['help', 'stauts'], columns)).replaceAll('\r', '')
    expect(text).toContain('Did you mean status?')
    expect(tooWide(text, columns)).toEqual([])
  })

  it('text has colours, unless --no-color or NO_COLOR is there', () => {
    expect(onTerminal(['help'])).toContain('\u001B[1m')
    expect(onTerminal(['help --no-color', 'stauts --no-color'])).not.toContain('\u001B')
    expect(onTerminal(['help', 'stauts'], 80, { NO_COLOR: '1' })).not.toContain('\u001B')
  })

  it('a long run counts on standard error, and a pipe has results alone', () => {
    const words = "conformance --case 'options/refuses/*' --door backend"
    expect(onTerminal([words])).toMatch(/\d+ of \d+/)
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [command, ...words.replaceAll("'", '').split(' ')],
      {
        encoding: 'utf8',
      },
    )
    expect(stderr).toBe('')
    expect(stdout).not.toMatch(/\d+ of \d+/)
  }, 60_000)
})

/** What command lines write, one after another, to a terminal of a person: Node takes colours away where the variable CI is set. */
function onTerminal(lines: readonly string[], columns = 80, more: NodeJS.ProcessEnv = {}): string {
  const { PATH, HOME } = process.env
  const script = [
    `stty cols ${columns}`,
    ...lines.map((words) => `'${process.execPath}' '${command}' ${words}`),
  ].join('; ')
  return spawnSync('script', ['-qec', script, '/dev/null'], {
    encoding: 'utf8',
    env: { PATH, HOME, TERM: 'xterm-256color', ...more },
  }).stdout
}
