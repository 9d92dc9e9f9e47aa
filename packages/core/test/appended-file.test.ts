import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { type AppendTrouble, openAppendedFile } from '../src/platform/appended-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('appends lines in their order, and has written all of them when it is closed', async () => {
  const path = join(folder, 'lines')
  const told: AppendTrouble[] = []
  const file = openAppendedFile(path, { onTrouble: (trouble) => told.push(trouble) })
  const lines = Array.from({ length: 1_000 }, (_, number) => `line ${number} ü`)
  for (const line of lines) file.write(line)
  await file.close()
  expect(readFileSync(path, 'utf8')).toBe(`${lines.join('\n')}\n`)
  expect(told).toEqual([])
})

it('tells once that lines are lost, writes again as soon as it can, and tells how many were lost', async () => {
  const late = join(folder, 'late')
  const path = join(late, 'lines')
  const told: AppendTrouble[] = []
  const file = openAppendedFile(path, { onTrouble: (trouble) => told.push(trouble) })
  file.write('lost')
  await vi.waitUntil(() => told.length === 1)
  file.write('lost too')
  await file.close()
  expect(told).toEqual([{ reason: expect.stringContaining('ENOENT') }])
  mkdirSync(late)
  file.write('kept')
  await file.close()
  expect(told.slice(1)).toEqual([{ lost: 2 }])
  expect(readFileSync(path, 'utf8')).toBe('kept\n')
})

it.skipIf(process.platform !== 'linux')('says that the disk is full, and closes all the same', async () => {
  const told: AppendTrouble[] = []
  const file = openAppendedFile('/dev/full', { onTrouble: (trouble) => told.push(trouble) })
  file.write('lost')
  await file.close()
  expect(told).toEqual([{ reason: expect.stringContaining('ENOSPC') }])
})
