import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findOnPath, optionNames, optionRow } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'
import { commands } from '../../packages/cli/src/main.ts'
import { root } from './pages/read-page.ts'

const file = join(root, 'packages/cli/man/lockstep.1')
const hasGroff = findOnPath('groff') !== null

describe('the man page', () => {
  it('is the one that `npm run docs` writes', async () => {
    const { manPage } = (await import(join(root, 'scripts/man-page.mjs'))) as { manPage(): string }
    expect(readFileSync(file, 'utf8')).toBe(manPage())
  })

  it.skipIf(!hasGroff)(
    `shows every command and every flag, without a warning${hasGroff ? '' : ' (groff is not installed here)'}`,
    async () => {
      const { stdout, stderr } = await promisify(execFile)('groff', [
        '-ww',
        '-man',
        '-Tascii',
        '-P-cbou',
        file,
      ])
      expect(stderr).toBe('')
      const shown = stdout.replaceAll(/\s+/g, ' ')
      for (const { name } of commands) expect(shown).toContain(`lockstep ${name} `)
      const flags = [
        ...optionNames.flatMap((name) => optionRow(name).flags),
        ...commands.flatMap((command) => Object.keys(command.flags).map((name) => `--${name}`)),
      ]
      for (const flag of flags) expect(shown).toContain(flag)
    },
  )
})
