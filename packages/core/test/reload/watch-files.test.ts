import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { watchFiles } from '../../src/reload/watch-files.ts'

/** A watch that never polls, so that it only reacts to events of the system. */
function watched(...names: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-watch-'))
  mkdirSync(join(folder, 'certs'))
  const file = join(folder, ...names)
  writeFileSync(join(folder, 'certs/cert.pem'), 'one')
  const seen = { changes: 0 }
  const watch = watchFiles({
    files: () => [file],
    digest: () => String(seen.changes),
    quietMs: 50,
    lookMs: 1_000_000,
    onChange: () => {
      seen.changes += 1
    },
  })
  onTestFinished(() => {
    watch.close()
    rmSync(folder, { recursive: true })
  })
  /** The watch has checked the files once, so it is active. */
  const armed = vi.waitUntil(() => seen.changes === 1, { timeout: 5_000 })
  return { folder, seen, armed, put: (text: string) => writeFileSync(join(folder, 'certs/cert.pem'), text) }
}

const soon = { timeout: 5_000 }

it('sees each renewal after the folder of the file was replaced', async () => {
  const { folder, seen, armed, put } = watched('certs', 'cert.pem')
  await armed
  mkdirSync(join(folder, 'new'))
  writeFileSync(join(folder, 'new/cert.pem'), 'two')
  renameSync(join(folder, 'certs'), join(folder, 'old'))
  renameSync(join(folder, 'new'), join(folder, 'certs'))
  await vi.waitUntil(() => seen.changes === 2, soon)
  put('three')
  await vi.waitUntil(() => seen.changes === 3, soon)
})

it('sees each renewal after a parent folder was replaced', async () => {
  const { folder, seen, armed } = watched('certs', 'cert.pem')
  await armed
  const outer = `${folder}-old`
  onTestFinished(() => rmSync(outer, { recursive: true }))
  renameSync(folder, outer)
  mkdirSync(join(folder, 'certs'), { recursive: true })
  writeFileSync(join(folder, 'certs/cert.pem'), 'two')
  await vi.waitUntil(() => seen.changes === 2, soon)
  writeFileSync(join(folder, 'certs/cert.pem'), 'three')
  await vi.waitUntil(() => seen.changes === 3, soon)
  expect(seen.changes).toBe(3)
})
