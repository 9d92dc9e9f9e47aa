import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { root } from '../docs/pages/read-page.ts'

it('nothing that `npm run new` has added is left to be filled in', () => {
  const places = [
    'packages',
    'docs',
    'examples',
    'test',
    ':!test/project/recipes*',
    ':!test/project/filled-in*',
  ]
  const args = ['grep', '--untracked', '--line-number', '--fixed-strings', 'FILL IN', '--', ...places]
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  // 1: nothing was found.
  expect([status, stdout]).toEqual([1, ''])
})
