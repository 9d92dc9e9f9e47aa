import { chmodSync, chownSync, lchownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { isGroupOfOthers } from '../../src/platform/accounts/group-members.ts'
import { findDistrusts } from '../../src/platform/accounts/path-trust.ts'
import { harmlessNodeFlag, preloadedFiles, splitNodeOptions } from '../../src/trust/node-preloads.ts'
import { filesInCommand } from '../../src/trust/words-of-command.ts'

const isRoot = process.getuid?.() === 0
const rule = { owners: new Set([0]), servedGroups: new Set<number>() }
const nobody = 65_534

describe.skipIf(!isRoot)('the entries of a path that another user could change', () => {
  const found = (path: string, given = rule): string[] =>
    findDistrusts(path, given).map(({ is, because }) => `${is}: ${because}`)
  const fileIn = (folder: string, mode = 0o644): string => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    chmodSync(file, mode)
    return file
  }
  const folderIn = (folder: string, name: string, mode = 0o755): string => {
    const made = join(folder, name)
    mkdirSync(made)
    chmodSync(made, mode)
    return made
  }

  it('are none if root owns all of them, even in a sticky folder', () => {
    expect(found(fileIn(temporaryFolder()))).toEqual([])
    expect(found(fileIn(folderIn(temporaryFolder(), 'sticky', 0o1777)))).toEqual([])
  })

  it('include an entry of another user in a sticky folder', () => {
    const file = fileIn(folderIn(temporaryFolder(), 'sticky', 0o1777))
    chownSync(file, nobody, 0)
    expect(found(file)).toEqual(['file: owner'])
  })

  it.each([
    { mode: 0o777, expected: ['folder: others'] },
    { mode: 0o757, expected: ['folder: others'] },
    { mode: 0o775, expected: [] },
  ])('judge a folder far above by its mode $mode', ({ mode, expected }) => {
    const open = folderIn(temporaryFolder(), 'open', mode)
    expect(found(fileIn(folderIn(folderIn(open, 'a'), 'b')))).toEqual(expected)
  })

  it('include a folder of a group with other members, or of the user that serves', () => {
    const folder = folderIn(temporaryFolder(), 'shared', 0o775)
    chownSync(folder, 0, nobody)
    expect(found(fileIn(folder))).toEqual(['folder: group'])
    const ofRoot = fileIn(folderIn(temporaryFolder(), 'shared', 0o775))
    expect(found(ofRoot, { ...rule, servedGroups: new Set([0]) })).toEqual(['folder: group'])
  })

  it('exclude a folder of a group if the path is only written to', () => {
    const folder = folderIn(temporaryFolder(), 'log', 0o775)
    chownSync(folder, 0, nobody)
    const path = join(folder, 'access.log')
    expect(findDistrusts(path, rule, { written: true })).toEqual([])
    expect(findDistrusts(path, { ...rule, servedGroups: new Set([nobody]) }, { written: true })).toHaveLength(
      1,
    )
  })

  it('include a link, a chain of links, their targets, and `..` in a link', () => {
    const folder = temporaryFolder()
    const theirs = folderIn(folder, 'theirs')
    fileIn(theirs)
    fileIn(folder)
    chownSync(theirs, nobody, nobody)
    symlinkSync('theirs/file', join(folder, 'one'))
    symlinkSync('./one', join(folder, 'two'))
    symlinkSync('theirs/../file', join(folder, 'around'))
    symlinkSync(join(folder, 'file'), join(folder, 'foreign'))
    lchownSync(join(folder, 'foreign'), nobody, nobody)
    for (const name of ['one', 'two', 'around']) expect(found(join(folder, name))).toEqual(['folder: owner'])
    expect(found(join(folder, 'foreign'))).toEqual(['link: owner'])
  })

  it('stop at a missing entry and at a circle of links', () => {
    const folder = temporaryFolder()
    symlinkSync('circle', join(folder, 'circle'))
    expect(found(join(folder, 'circle'))).toEqual([])
    expect(found(join(folder, 'nowhere/file'))).toEqual([])
    expect(found(join(fileIn(folder), 'below'))).toEqual([])
  })
})

it('include a folder of an unknown group', () => {
  expect(isGroupOfOthers(54_321_987, rule)).toBe(true)
})

describe('the files that a command names', () => {
  it('are its programs and each argument that is a file', () => {
    const folder = temporaryFolder()
    const [script, secret] = ['get pass.sh', 'secret'].map((name) => join(folder, name))
    for (const file of [script, secret]) writeFileSync(String(file), '')
    const files = (command: string): string[] =>
      filesInCommand(command, { directory: folder, searchPath: '/nowhere:/bin' })
    expect(files('sh "get pass.sh"')).toEqual(['/bin/sh', script])
    expect(files(`A=1 cat <secret | nothing-of-that-name x`)).toEqual(['/bin/cat', secret])
    expect(files(`true && ./secret`)).toContain(secret)
    expect(files(`echo nothing`)).toEqual(['/bin/echo'])
  })
})

describe('NODE_OPTIONS', () => {
  it('is split as Node splits it', () => {
    expect(splitNodeOptions('--require "./my file.cjs" --import=./b.mjs "--title=a \\"b\\""')).toEqual([
      '--require',
      './my file.cjs',
      '--import=./b.mjs',
      '--title=a "b"',
    ])
  })

  it('names files by path, by URL and by package', () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'node_modules/@scope/name'), { recursive: true })
    mkdirSync(join(folder, 'inner'))
    const flags = [
      '-r',
      './a.cjs',
      '--import=file:///srv/b.mjs',
      '--import',
      '@scope/name/register',
      '--import=data:,1',
      '--require=node:fs',
    ]
    expect(preloadedFiles(flags, join(folder, 'inner'))).toEqual([
      join(folder, 'inner/a.cjs'),
      '/srv/b.mjs',
      join(folder, 'node_modules/@scope/name'),
    ])
  })

  it.each([
    ['--max-old-space-size=512', true],
    ['--max_old_space_size', true],
    ['512', true],
    ['--enable-source-maps', true],
    ['--require=./x.cjs', false],
    ['-r', false],
    ['--inspect', false],
    ['--openssl-config=/tmp/x', false],
    ['--redirect-warnings=/etc/x', false],
  ])('with %s is harmless: %s', (word, expected) => {
    expect(harmlessNodeFlag(word)).toBe(expected)
  })
})
