import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it, vi } from 'vitest'
import { type AppendTrouble, openAppendedFile } from '../../src/platform/files/appended-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('appends lines in order, and has written all of them after close()', async () => {
  const path = join(folder, 'lines')
  const told: AppendTrouble[] = []
  const file = openAppendedFile(path, { onTrouble: (trouble) => told.push(trouble) })
  const lines = Array.from({ length: 1_000 }, (_, number) => `line ${number} ü`)
  for (const line of lines) file.write(line)
  await file.close()
  expect(readFileSync(path, 'utf8')).toBe(`${lines.join('\n')}\n`)
  expect(told).toEqual([])
})

it('writes lines together when they come fast', async () => {
  const path = join(folder, 'together')
  const file = openAppendedFile(path, { onTrouble: (trouble) => expect.fail(JSON.stringify(trouble)) })
  const sizes = new Set<number>()
  const end = performance.now() + 100
  while (performance.now() < end) {
    file.write('line')
    if (existsSync(path)) sizes.add(statSync(path).size)
    await pause(1)
  }
  await file.close()
  // The file is checked before the first write, and there is at most one write every 10 ms.
  expect(sizes.size).toBeLessThanOrEqual(12)
})

it('has written all lines when the process exits suddenly', () => {
  const path = join(folder, 'sudden')
  const source = fileURLToPath(new URL('../../src/platform/files/appended-file.ts', import.meta.url))
  const script = `
    import { setTimeout as pause } from 'node:timers/promises'
    import { openAppendedFile } from ${JSON.stringify(source)}
    const file = openAppendedFile(${JSON.stringify(path)}, { onTrouble() {} })
    file.write('first')
    await pause(100)
    file.write('second')
    await pause(2)
    file.write('third')
    process.exit(1)`
  spawnSync(process.execPath, ['--input-type=module', '--eval', script])
  // A write that a thread has not finished by then may land after the final write.
  expect(readFileSync(path, 'utf8').split('\n').sort()).toEqual(['', 'first', 'second', 'third'])
})

it('reports once that lines are lost, resumes as soon as it can, and then reports their number', async () => {
  const late = join(folder, 'late')
  const path = join(late, 'lines')
  const told: AppendTrouble[] = []
  const file = openAppendedFile(path, { onTrouble: (trouble) => told.push(trouble) })
  file.write('lost')
  await vi.waitUntil(() => told.length === 1)
  file.write('lost too')
  await file.close()
  expect(told).toEqual([{ reason: expect.stringContaining('there is no such file') }])
  mkdirSync(late)
  file.write('kept')
  await file.close()
  expect(told.slice(1)).toEqual([{ lost: 2 }])
  expect(readFileSync(path, 'utf8')).toBe('kept\n')
})

it.skipIf(process.platform !== 'linux')('reports that the disk is full, and still closes', async () => {
  const told: AppendTrouble[] = []
  const file = openAppendedFile('/dev/full', { onTrouble: (trouble) => told.push(trouble) })
  file.write('lost')
  await file.close()
  expect(told).toEqual([{ reason: expect.stringContaining('ENOSPC') }])
})
