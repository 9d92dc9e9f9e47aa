import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findProgram, safeSearchPath, systemProgram } from '../../src/platform/system/find-program.ts'

function folderWith(program: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-program-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, program), '#!/bin/sh\n')
  chmodSync(join(folder, program), 0o755)
  return folder
}

describe('a program of the system', () => {
  it('is found on the PATH and returned as an absolute path', () => {
    const folder = folderWith('getent')
    expect(findProgram('getent', { platform: 'linux', environment: { PATH: `/nowhere:${folder}` } })).toBe(
      join(folder, 'getent'),
    )
  })

  it.each(['.', '', 'relative'])(
    'is not searched for in the current folder, even with "%s" on the PATH',
    (part) => {
      const folder = folderWith('planted')
      const PATH = `${part === 'relative' ? relative('.', folder) : part}:/nowhere`
      const before = process.cwd()
      if (part !== 'relative') process.chdir(folder)
      try {
        expect(findProgram('planted', { platform: 'linux', environment: { PATH } })).toBeNull()
        expect(safeSearchPath({ environment: { PATH } })).toBe('/nowhere')
      } finally {
        process.chdir(before)
      }
    },
  )

  it('is found without a PATH too, and the programs that it starts are not searched for in the current folder', () => {
    expect(findProgram('planted', { platform: 'linux', environment: {} })).toBeNull()
    expect(safeSearchPath({ environment: { PATH: '.' } }).split(':')).not.toContain('')
    expect(safeSearchPath({ environment: { PATH: '.' } })).toContain('/usr/bin')
  })

  it('comes from the Windows folder on Windows, wherever that is', () => {
    expect(systemProgram('taskkill', { environment: { SystemRoot: 'D:\\Windows' } })).toBe(
      'D:\\Windows\\System32\\taskkill.exe',
    )
    for (const SystemRoot of ['.', '', undefined])
      expect(systemProgram('certutil', { environment: { SystemRoot } })).toBe(
        'C:\\Windows\\System32\\certutil.exe',
      )
  })
})
