import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCatalog, exitCodes, flagTable, optionRow } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'
import { claims, generatedPages } from './pages/claims.ts'
import { limits } from './pages/limits.ts'
import { pages, readText, root } from './pages/read-page.ts'

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ')
const proseOf = (page: string): string =>
  oneLine(
    readText(page)
      .replaceAll(/^```[\s\S]*?^```$/gm, '')
      .replaceAll(/<!--.*?-->/g, ''),
  )

/** An exit code with its number. */
const exitCode = /\b(?:exit code(?: is)?|exits? with|exit status|status) \d{1,3}\b(?<!status [2-5]\d\d)/gi

describe.each(pages.filter((page) => !generatedPages.includes(page)))('%s', (page) => {
  const stated = claims[page] ?? []

  it('says what test/docs/pages/claims.ts has from the table of exit codes', () => {
    expect(stated.filter((claim) => !proseOf(page).includes(oneLine(claim)))).toEqual([])
  })

  it('has no exit code that is not in test/docs/pages/claims.ts', () => {
    const rest = stated.reduce((text, claim) => text.replace(oneLine(claim), ''), proseOf(page))
    expect(rest.match(exitCode) ?? []).toEqual([])
  })
})

describe('what a page says about a default', () => {
  /** `tls.keyPermissions: enforce` is the default, or `--balance auto`, the default. */
  const claim = /`(--[\w-]+|[a-z]+(?:\.\w+)?)(?:: | |=)([^`\n]+)`(?: is|,) the default\b/g

  it.each(pages)('is the default of the option: %s', (page) => {
    for (const [text, name = '', value] of proseOf(page).matchAll(claim)) {
      const option = name.startsWith('--') ? flagTable.get(name)?.name : name
      expect(String(optionRow(option as never)?.default), text).toBe(value)
    }
  })

  /** `--hang-timeout` (30 s) */
  const inBrackets = /`(--[\w-]+|[a-z]+\.\w+)` \((\d+) ?(ms|s|m|h|KiB|MiB)\)/g

  it.each(pages)('is the value in brackets behind the option: %s', (page) => {
    for (const [text, name = '', amount, unit] of proseOf(page).matchAll(inBrackets)) {
      const option = name.startsWith('--') ? flagTable.get(name)?.name : name
      expect(String(optionRow(option as never)?.default), text).toBe(`${amount}${unit}`)
    }
  })

  it('is checked where a page says one', () => {
    expect(pages.flatMap((page) => [...proseOf(page).matchAll(inBrackets)]).length).toBeGreaterThan(1)
    expect(pages.flatMap((page) => [...proseOf(page).matchAll(claim)]).length).toBeGreaterThan(0)
  })
})

it('command-line.md and the catalogue have the same kinds of exit codes', () => {
  const kinds = Object.keys(exitCodes)
  expect(Object.values(errorCatalog).every(({ exit }) => kinds.includes(exit))).toBe(true)
})

describe('CONTRIBUTING.md', () => {
  const row = (command: string): string =>
    readText('CONTRIBUTING.md')
      .split('\n')
      .find((line) => line.startsWith(`| \`${command}\``)) ?? ''

  it('lists what `npm run docs` writes', async () => {
    const { generatedDocs } = (await import(join(root, 'scripts/generated-docs.mjs'))) as {
      generatedDocs(): Readonly<Record<string, string>>
    }
    const written = [...Object.keys(generatedDocs()), 'docs/api/']
    expect(written.filter((file) => !row('npm run docs').includes(`\`${file}\``))).toEqual([])
  })

  it('lists the steps of `npm test`', () => {
    const source = readFileSync(join(root, 'scripts/test.mjs'), 'utf8')
    const steps = [...source.matchAll(/steps\.run\('([^']+)'/g)].map(([, name = '']) => name)
    expect(steps.length).toBeGreaterThan(5)
    const words = row('npm test').toLowerCase()
    // Nothing runs without the set-up, so no command lists it.
    expect(steps.filter((step) => step !== 'set-up' && !words.includes(step))).toEqual([])
  })
})

describe('a limit in a page', () => {
  /** `const NAME = 16 * 1_024`, as the code has it. */
  function constantOf(file: string, name: string): number {
    const source = readFileSync(join(root, 'packages/core/src', file), 'utf8')
    const [, factors = ''] = new RegExp(`\\bconst ${name} = ([\\d_ *]+)$`, 'm').exec(source) ?? []
    return factors
      .replaceAll('_', '')
      .split('*')
      .reduce((product, factor) => product * Number.parseInt(factor, 10), 1)
  }

  it.each(limits)('is that of the code: $page, "$says"', ({ page, says, constants }) => {
    expect(proseOf(page)).toContain(says)
    for (const [file, name, value] of constants)
      expect(constantOf(file, name), `${name} in ${file}`).toBe(value)
  })
})
