import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isAccessDenied, whyFileFails } from '../../src/errors/file-error.ts'
import { absolutePath, reservedDeviceName } from '../../src/platform/files/absolute-path.ts'
import { writeObstacle } from '../../src/platform/files/write-obstacle.ts'

it.each(['EACCES', 'EPERM'])('%s of a file means that permission is denied', (code) => {
  const error = Object.assign(new Error('x'), { code })
  expect([isAccessDenied(error), whyFileFails(error)]).toEqual([true, 'permission is denied'])
})

describe('a check whether a file can be written', () => {
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), 'lockstep-trial-'))
    onTestFinished(() => rmSync(made, { recursive: true }))
    return made
  }

  it.each(['win32', 'linux'] as const)('does not create a missing file on %s', (platform) => {
    const place = folder()
    expect(writeObstacle(join(place, 'log'), { found: 'missing', platform })).toBeNull()
    expect(readdirSync(place)).toEqual([])
  })

  it.each(['win32', 'linux'] as const)('reports a missing folder on %s', (platform) => {
    const file = join(folder(), 'nowhere/log')
    expect(writeObstacle(file, { found: 'missing', platform })).toMatchObject({ code: 'ENOENT' })
    expect(existsSync(file)).toBe(false)
  })

  it('does not change the content of a file', () => {
    const file = join(folder(), 'log')
    writeFileSync(file, 'a line\n')
    expect(writeObstacle(file, { found: 'regular' })).toBeNull()
    expect(readFileSync(file, 'utf8')).toBe('a line\n')
  })
})

it.each([
  ['NUL', '\\\\.\\NUL'],
  ['nul', '\\\\.\\NUL'],
  ['nul.txt', 'C:\\app\\nul.txt'],
  ['logs\\a.log', 'C:\\app\\logs\\a.log'],
  ['D:\\a.log', 'D:\\a.log'],
])('%s is %s on Windows', (path, absolute) => {
  expect(absolutePath('C:\\app', path, 'win32')).toBe(absolute)
})

it('device names of Windows are ordinary file names elsewhere', () => {
  expect(absolutePath('/app', 'NUL', 'linux')).toBe('/app/NUL')
  expect(reservedDeviceName('/app/con.log', 'linux')).toBeNull()
})

it.each([
  ['C:\\app\\con', 'con'],
  ['C:\\app\\COM1.log', 'COM1'],
  ['C:\\app\\nul.txt', 'nul'],
  ['C:\\app\\console.log', null],
  ['\\\\.\\NUL', null],
])('%s is the device %s of Windows', (path, device) => {
  expect(reservedDeviceName(path, 'win32')).toBe(device)
})
