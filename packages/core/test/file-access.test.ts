import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isAccessDenied, whyFileFails } from '../src/errors/file-error.ts'
import { absolutePath, reservedDeviceName } from '../src/platform/absolute-path.ts'
import { writeObstacle } from '../src/platform/write-obstacle.ts'

it.each(['EACCES', 'EPERM'])('%s of a file means that permission is denied', (code) => {
  const error = Object.assign(new Error('x'), { code })
  expect([isAccessDenied(error), whyFileFails(error)]).toEqual([true, 'permission is denied'])
})

describe('a trial whether a file can be written', () => {
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), 'lockstep-trial-'))
    onTestFinished(() => rmSync(made, { recursive: true }))
    return made
  }

  it.each(['win32', 'linux'] as const)('leaves a missing file missing on %s', (platform) => {
    const place = folder()
    expect(writeObstacle(join(place, 'log'), { found: 'missing', platform })).toBeNull()
    expect(readdirSync(place)).toEqual([])
  })

  it.each(['win32', 'linux'] as const)('says on %s that there is no folder', (platform) => {
    const file = join(folder(), 'nowhere/log')
    expect(writeObstacle(file, { found: 'missing', platform })).toMatchObject({ code: 'ENOENT' })
    expect(existsSync(file)).toBe(false)
  })

  it('leaves what a file holds', () => {
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

it('names of devices are names of files elsewhere', () => {
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
