import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { type PeerName, peer, peerVersion } from '../../scripts/peers/peers.mjs'
import { missingPeers } from '../support/missing-peers.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

describe('The pins of the peers', () => {
  const folder = join(root, 'scripts/peers/python')
  const pinned = readdirSync(folder).filter((name) => name.endsWith('.txt'))

  it.each(pinned)('has a version and hashes for each package of %s', (name) => {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean).slice(1)
    const packages = lines.join('\n').split(/\n(?=\S)/)
    expect(packages.length).toBeGreaterThan(0)
    for (const text of packages)
      expect(text).toMatch(/^[a-z0-9-]+==[^\s]+ .*\\\n {4}--hash=sha256:[0-9a-f]{64}/)
  })

  it.each(pinned)('has in %s what its .in file asks for', (name) => {
    const asked = readFileSync(join(folder, name.replace('.txt', '.in')), 'utf8')
    const lines = asked.split('\n').filter((line) => line && !line.startsWith('#'))
    const text = readFileSync(join(folder, name), 'utf8')
    for (const line of lines) expect(text).toContain(`${line.replace(/\[.*\]/, '').split(' ')[0]} `)
  })
})

describe('npm run peers', () => {
  it('refuses an unknown name, and lists the known ones', async () => {
    const failure = await run(process.execPath, ['scripts/peers.mjs', 'gunicon'], { cwd: root }).catch(
      (error: { code: number; stderr: string }) => error,
    )
    expect(failure).toMatchObject({ code: 2, stderr: expect.stringContaining('The parts are: python,') })
  })

  const without = missingPeers('gunicorn', 'gunicorn-26', 'gunicorn-old')

  it.skipIf(without !== '')(
    `prints each peer of a part with its version and place, and is fast when it is set up${without}`,
    async () => {
      const path = peer('gunicorn-old')
      const startedAt = performance.now()
      const { stdout } = await run(process.execPath, ['scripts/peers.mjs', 'python-old'], { cwd: root })
      expect(performance.now() - startedAt).toBeLessThan(5_000)
      expect(stdout).toContain(path.slice(root.length))
      expect(stdout).toContain(peerVersion('gunicorn-old'))
      expect(stdout).not.toContain('setting up')
    },
  )

  const programs: PeerName[] = [
    'gunicorn',
    'uvicorn',
    'granian',
    'gunicorn-26',
    'gunicorn-old',
    'uvicorn-old',
  ]
  it.skipIf(without !== '').each(programs)('has a %s of the pinned version', async (name) => {
    const { stdout } = await run(peer(name), ['--version'])
    expect(stdout).toContain(peerVersion(name))
  })
})

describe('The stamp of a part', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-stamp-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('is out of date after its pins have changed, and until an installation has ended', async () => {
    const { stampOf } = (await import(new URL('../../scripts/peers/stamp.mjs', import.meta.url).href)) as {
      stampOf(input: { folder: string; files: string[] }): {
        isUpToDate(): boolean
        begin(): void
        finish(): void
      }
    }
    const pins = join(folder, 'pins.txt')
    writeFileSync(pins, 'one')
    const stamp = stampOf({ folder: join(folder, 'part'), files: [pins] })
    expect(stamp.isUpToDate()).toBe(false)
    stamp.begin()
    stamp.finish()
    expect(stamp.isUpToDate()).toBe(true)
    writeFileSync(pins, 'two')
    expect(stamp.isUpToDate()).toBe(false)
    stamp.finish()
    stamp.begin()
    expect(stamp.isUpToDate()).toBe(false)
  })
})
