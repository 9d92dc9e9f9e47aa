import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { makeSocketFolder, type SocketFolder } from '../../src/platform/program/private-place.ts'

function made(): { folder: SocketFolder; path: string; place: string; left: string[] } {
  const left: string[] = []
  const folder = makeSocketFolder({
    owner: null,
    longestName: 8,
    onLeft: ({ path }) => left.push(path),
  })
  const path = folder.pathOf('socket')
  return { folder, path, place: dirname(path), left }
}

describe.skipIf(process.platform === 'win32')('a folder for sockets', () => {
  it('is removed with what is left in it', () => {
    const { folder, path, place, left } = made()
    writeFileSync(path, '')
    folder.remove('socket')
    expect(existsSync(path)).toBe(false)
    folder.remove('socket')
    writeFileSync(folder.pathOf('second'), '')
    folder.release()
    folder.release()
    expect([existsSync(place), left]).toEqual([false, []])
  })

  it('stays when it has a folder instead of a socket', () => {
    const { folder, path, place, left } = made()
    mkdirSync(path)
    folder.remove('socket')
    folder.release()
    expect([existsSync(path), left]).toEqual([true, [path, place]])
    rmSync(place, { recursive: true })
  })

  it('is not followed to another place', () => {
    const { folder, path, place, left } = made()
    const other = temporaryFolder()
    const file = join(other, 'socket')
    writeFileSync(file, '')
    symlinkSync(file, path)
    folder.remove('socket')
    expect([existsSync(path), existsSync(file)]).toEqual([false, true])

    renameSync(place, `${place}-moved`)
    symlinkSync(other, place)
    folder.remove('socket')
    folder.release()
    expect([existsSync(file), left]).toEqual([true, [path, place]])
    rmSync(place)
    rmSync(`${place}-moved`, { recursive: true })
  })
})
