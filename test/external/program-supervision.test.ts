import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixtures, runLockstep, type Started, startLockstep } from '../support/lockstep.ts'
import { killProcess } from '../support/processes.ts'
import { startLoad } from '../support/steady-load.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const answers = join(fixtures, 'programs/upstream/answers.mjs')

const start = (words: readonly string[], ...options: readonly string[]): Promise<Started> =>
  startLockstep(['exec', '--port', '0', ...options, '--', process.execPath, answers, ...words])

const verb = (server: Started, ...words: readonly string[]) =>
  runLockstep(words, { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })

async function pidFrom(server: Started): Promise<number> {
  return Number(await (await fetch(server.url)).text())
}

async function pidsFrom(server: Started): Promise<number[]> {
  const found = new Set<number>()
  for (let count = 0; count < 12; count += 1) found.add(await pidFrom(server))
  return [...found].sort()
}

describe.skipIf(process.platform === 'win32')('instances of a program', { timeout: 60_000 }, () => {
  it('are replaced by a reload under load, and no request is lost', async () => {
    await using server = await start([], '--workers', '2')
    const before = await pidsFrom(server)
    await using load = startLoad(server.url)
    for (let round = 0; round < 3; round += 1) expect(await verb(server, 'reload')).toMatchObject({ code: 0 })
    const enough = load.total() + 100
    await waitUntil(() => load.total() > enough, { what: '100 more answers' })
    await load.stop()
    expect(load.losses).toEqual([])
    expect(load.retries).toBe(0)
    const after = await pidsFrom(server)
    expect(after).toHaveLength(2)
    expect(after.filter((pid) => before.includes(pid))).toEqual([])
    expect(server.processes()).toHaveLength(3)
  })

  it('are replaced when they are killed under load, and no request is lost', async () => {
    await using server = await start([], '--workers', '2')
    const before = await pidsFrom(server)
    await using load = startLoad(server.url)
    await waitUntil(() => load.total() > 100, { what: '100 answers' })
    killProcess(before[0])
    await server.waitFor(/worker \d.*SIGKILL/)
    await waitUntil(() => [...load.answers.keys()].length === 3, { what: 'answers from a new instance' })
    await load.stop()
    expect(load.losses).toEqual([])
    expect(await pidsFrom(server)).toHaveLength(2)
  })

  it('are tried again and again while they fail, and clients get 503 meanwhile', async () => {
    const broken = join(temporaryFolder(), 'broken')
    await using server = await start(['--fails', broken], '--health-ready', '/ready')
    const first = await pidFrom(server)
    expect((await fetch(`${server.url}ready`)).status).toBe(200)
    writeFileSync(broken, '')
    killProcess(first)
    await server.waitFor('fail', 20_000)
    const refused = await fetch(server.url)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    expect((await fetch(`${server.url}ready`)).status).toBe(503)
    await server.waitFor(/times in a row|is degraded|failing/, 20_000)
    expect((await verb(server, 'status')).stdout).toMatch(/exit code 4/)
    rmSync(broken)
    await waitUntil(async () => (await fetch(server.url)).status === 200, { deadlineMs: 20_000, what: '200' })
    expect((await fetch(`${server.url}ready`)).status).toBe(200)
  })

  it('are restarted and scaled by the verbs', async () => {
    await using server = await start([], '--workers', '2')
    const before = await pidsFrom(server)
    expect(await verb(server, 'restart', '1')).toMatchObject({ code: 0 })
    const restarted = await pidsFrom(server)
    expect(restarted.filter((pid) => before.includes(pid))).toHaveLength(1)
    expect(await verb(server, 'scale', '3')).toMatchObject({ code: 0 })
    expect(await pidsFrom(server)).toHaveLength(3)
    expect(await verb(server, 'scale', '1')).toMatchObject({ code: 0 })
    await waitUntil(() => server.processes().length === 2, { what: 'one instance' })
    expect(await pidsFrom(server)).toHaveLength(1)
    expect((await verb(server, 'ps')).stdout).toContain('1/1')
  })

  it('end their requests in flight when they are replaced', async () => {
    await using server = await start([])
    const before = await pidFrom(server)
    const slow = fetch(`${server.url}?ms=2000`).then((response) => response.text())
    // One connection after the other: the slow request is with the program before this answer comes.
    await pidFrom(server)
    expect(await verb(server, 'reload')).toMatchObject({ code: 0 })
    expect(await pidFrom(server)).not.toBe(before)
    expect(Number(await slow)).toBe(before)
    await server.waitFor('got SIGTERM')
    await waitUntil(() => server.processes().length === 2, { what: 'the end of the old instance' })
  })

  it('are replaced after their lifetime', async () => {
    await using server = await start([], '--max-lifetime', '1s', '--max-lifetime-jitter', '0s')
    const before = await pidFrom(server)
    await waitUntil(async () => (await pidFrom(server)) !== before, { what: 'another instance' })
    expect(server.stderr()).toContain('lifetime')
  })

  it('stay when their replacement fails', async () => {
    const broken = join(temporaryFolder(), 'broken')
    await using server = await start(['--fails', broken])
    const before = await pidFrom(server)
    writeFileSync(broken, '')
    const reload = await verb(server, 'reload')
    expect(reload.code).not.toBe(0)
    expect(reload.stderr).toContain('exit code 4')
    expect(await pidFrom(server)).toBe(before)
  })

  it('are restarted one at a time after their lifetime, and requests wait for the next one', async () => {
    await using server = await start(
      [],
      ...['--reload', 'restart', '--max-lifetime', '1s', '--max-lifetime-jitter', '0s'],
    )
    const before = await pidFrom(server)
    await using load = startLoad(server.url)
    await waitUntil(() => load.answers.size > 2, {
      deadlineMs: 20_000,
      what: 'answers of the third instance',
    })
    await load.stop()
    expect(load.losses).toEqual([])
    expect([...load.answers.keys()].map(String)).toContain(String(before))
  })

  it('are reported as serving after a failed reload only if they serve', async () => {
    const broken = join(temporaryFolder(), 'broken')
    await using server = await start(['--fails', broken], '--reload', 'restart')
    await pidFrom(server)
    writeFileSync(broken, '')
    const reload = await verb(server, 'reload')
    expect(reload.code).not.toBe(0)
    expect(reload.stderr).toContain('no worker serves now')
    expect(reload.stderr).not.toContain('keeps serving')
  })

  it('have their requests counted', async () => {
    await using server = await start([])
    for (let count = 0; count < 3; count += 1) await pidFrom(server)
    const { stdout } = await verb(server, 'status')
    expect(stdout).toMatch(/worker 1 +ready, process \d+, served 3 requests on \d connections?/)
  })
})
