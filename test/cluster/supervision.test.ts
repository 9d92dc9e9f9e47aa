import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import {
  beginLockstep,
  type Finished,
  fixtures,
  runLockstep,
  type Started,
  startLockstep,
} from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const app = 'apps/switches.js'

function startCluster(...more: readonly string[]): Promise<Started> {
  return startLockstep(['run', app, '--backend', 'cluster', '--port', '0', '--log-format', 'json', ...more])
}

function verb(server: Started, ...words: readonly string[]): Promise<Finished> {
  return runLockstep(words, { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
}

function workersOf(server: Started): number[] {
  return server.processes().filter((pid) => pid !== server.pid)
}

const ask = async (server: Started, path = '/'): Promise<number> =>
  Number(await (await fetch(new URL(path, server.url), { headers: { connection: 'close' } })).text())

describe('lockstep reload', () => {
  it('replaces the workers of a cluster one after the other, and reports each', async () => {
    await using server = await startCluster('--workers', '2')
    const before = workersOf(server)
    const { code, stdout, stderr } = await verb(server, 'reload')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^✓ The app was reloaded: 2 workers were replaced in \d\.\d s\.\n$/)
    for (const worker of [1, 2]) expect(stderr).toContain(`· worker ${worker} is ready, process `)
    for (const pid of before) expect(stderr).toContain(`· process ${pid} drains`)
    await waitUntil(() => workersOf(server).length === 2, { what: 'the old workers to end' })
    expect(workersOf(server).some((pid) => before.includes(pid))).toBe(false)
  })

  it('keeps the old workers if the app is broken, says why, and succeeds once it is repaired', async () => {
    const broken = join(temporaryFolder(), 'broken')
    await using server = await startLockstep(
      ['run', app, '--backend', 'cluster', '--workers', '2', '--port', '0'],
      { env: { BROKEN_WHILE: broken } },
    )
    const before = workersOf(server).sort()
    writeFileSync(broken, '')
    const failed = await verb(server, 'reload')
    expect(failed).toMatchObject({ code: 3, stdout: '' })
    expect(failed.stderr).toContain('A new worker failed, so the old worker keeps serving.')
    expect(failed.stderr).toContain('Error: broken for now')
    // The client of a command gets no stack.
    expect(failed.stderr).toMatch(/Look at \S+switches\.js:\d+\./)
    await server.waitFor(/"stack":"Error: broken for now\\n {4}at [^"]*switches\.js/)
    // It was killed because it failed, and worker 1 serves on.
    await waitUntil(() => workersOf(server).length === 2, { what: 'the failed worker to end' })
    expect(server.stdout() + server.stderr()).not.toMatch(/worker \d died/)
    expect(workersOf(server).sort()).toEqual(before)
    expect((await verb(server, 'status')).stdout).toMatch(/reload failed .*broken\s+for\s+now/s)
    rmSync(broken)
    expect(await verb(server, 'reload')).toMatchObject({ code: 0 })
  })

  it('fails under single, which cannot load the app again, so that a deployment does not take the old app for the new one', async () => {
    await using single = await startLockstep(['run', app, '--port', '0'])
    const { code, stdout, stderr } = await verb(single, 'reload')
    // Over plain HTTP there was nothing else to reload.
    expect({ code, stdout }).toEqual({ code: 11, stdout: '' })
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
      "✗ The app was not reloaded: the backend single serves in one process, which can't load it again. The server keeps serving as before. Start the server with --backend cluster",
    )
    const asJson = await verb(single, 'reload', '--json')
    expect({ code: asJson.code, stderr: asJson.stderr }).toEqual({ code: 11, stderr: '' })
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      ok: false,
      appKept: true,
      replaced: 0,
      faults: [{ code: 'LOCKSTEP_ERR_NO_WORKERS' }],
    })
  })

  it.each([
    ['lockstep.config.mjs', 'export default { port: 0 }'],
    ['lockstep.config.json', '{ "port": 0 }'],
  ])('under single shows no success for a checked %s above that failure', async (file, text) => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, file), text)
    await using single = await startLockstep(['run', join(fixtures, app)], { cwd })
    const { code, stdout, stderr } = await verb(single, 'reload')
    expect({ code, stdout }).toEqual({
      code: 11,
      stdout: '· The configuration file was checked. It has no changes to apply.\n',
    })
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('The server keeps serving as before.')
    expect(await ask(single)).toBe(single.pid)
  })

  it('under single succeeds with a new certificate, and says that the app is as it was', async () => {
    const [first, second] = [await pairFiles(), await pairFiles()]
    const folder = temporaryFolder()
    const put = (pair: { cert: string; key: string }): void => {
      copyFileSync(pair.cert, join(folder, 'cert.pem'))
      copyFileSync(pair.key, join(folder, 'key.pem'))
    }
    put(first)
    const tls = ['--tls-cert', 'cert.pem', '--tls-key', 'key.pem', '--no-tls-watch']
    const path = join(fixtures, app)
    await using single = await startLockstep(['run', path, '--port', '0', ...tls], { cwd: folder })
    put(second)
    const renewed = await verb(single, 'reload')
    expect(renewed).toMatchObject({ code: 0, stderr: '' })
    expect(renewed.stdout).toContain('· The app was not reloaded: the backend single serves in one process')
    // As where the watch of the files was first.
    const again = await verb(single, 'reload')
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toMatch(/have not changed.*The app was not reloaded/s)
  })

  it('with --tls-only leaves the app alone, and succeeds under every backend', async () => {
    await using single = await startLockstep(['run', app, '--port', '0'])
    const alone = await verb(single, 'reload', '--tls-only')
    expect(alone).toMatchObject({ code: 0, stderr: '' })
    expect(alone.stdout).not.toContain('The app')
    expect((await verb(single, 'status')).stdout).toContain('(by `lockstep reload`)')
    await using cluster = await startCluster()
    const before = workersOf(cluster)
    expect(await verb(cluster, 'reload', '--tls-only')).toMatchObject({ code: 0 })
    expect(workersOf(cluster)).toEqual(before)
  })
})

describe('lockstep scale', () => {
  it('accepts a number or a change, and waits until that many workers serve', async () => {
    await using server = await startCluster('--workers', '1')
    expect(await verb(server, 'scale', '3')).toMatchObject({
      code: 0,
      stdout: '✓ The server has 3 workers.\n',
    })
    expect(workersOf(server)).toHaveLength(3)
    expect(await verb(server, 'scale', '+1')).toMatchObject({
      code: 0,
      stdout: '✓ The server has 4 workers.\n',
    })
    expect(await verb(server, 'scale', '-3', '--json')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"workers": 1'),
    })
    await waitUntil(() => workersOf(server).length === 1, { what: 'three of four to end' })
    expect(await ask(server)).toBe(workersOf(server)[0])
  })

  it('refuses an invalid number of workers, and a server without workers', async () => {
    await using server = await startCluster('--workers', '1')
    for (const [asked, found] of [
      ['many', '"many" is not a number of workers.'],
      ['0', '0 would make it 0 workers; it has 1.'],
      ['-1', '-1 would make it 0 workers; it has 1.'],
      ['99999', '99999 would make it 99999 workers; it has 1.'],
    ] as const) {
      const { code, stderr } = await verb(server, 'scale', asked)
      expect([asked, code]).toEqual([asked, 11])
      expect(stderr).toContain(found)
      expect(stderr).toContain('[LOCKSTEP_ERR_SCALE_REFUSED]')
    }
    expect(workersOf(server)).toHaveLength(1)
    await using single = await startLockstep(['run', app, '--port', '0'])
    const refused = await verb(single, 'scale', '2')
    expect(refused).toMatchObject({ code: 11 })
    expect(refused.stderr).toContain('The backend single has no workers that can be changed or inspected.')
    expect(refused.stderr).toContain('[LOCKSTEP_ERR_NO_WORKERS]')
  })

  it('removes the new workers again if one of them fails, and reports its error', async () => {
    const broken = join(temporaryFolder(), 'broken')
    await using server = await startLockstep(['run', app, '--backend', 'cluster', '--port', '0'], {
      env: { BROKEN_WHILE: broken },
    })
    writeFileSync(broken, '')
    const failed = await verb(server, 'scale', '3')
    expect(failed).toMatchObject({ code: 3 })
    expect(failed.stderr).toContain('Error: broken for now')
    // The client of a command gets no stack.
    expect(failed.stderr).toMatch(/Look at \S+switches\.js:\d+\./)
    await waitUntil(() => workersOf(server).length === 1, { what: 'the new workers to be gone' })
    expect(await verb(server, 'ps')).toMatchObject({ stdout: expect.stringMatching(/ 1\/1 /) })
  })
})

describe('lockstep restart', () => {
  it('replaces only the named worker', async () => {
    await using server = await startCluster('--workers', '2')
    const told = async () =>
      JSON.parse((await verb(server, 'status', '--json')).stdout).servers[0].workers.map(
        ({ pid }: { pid: number }) => pid,
      )
    const [first, second] = await told()
    expect(await verb(server, 'restart', '2')).toMatchObject({
      code: 0,
      stdout: '✓ Worker 2 was replaced.\n',
    })
    await waitUntil(() => !workersOf(server).includes(second), { what: 'the old worker to end' })
    const after = await told()
    expect(after[0]).toBe(first)
    expect(after).not.toContain(second)
  })

  it('lists the existing workers if the named one does not exist', async () => {
    await using server = await startCluster('--workers', '2')
    for (const asked of ['3', 'first']) {
      const failed = await verb(server, 'restart', asked)
      expect(failed).toMatchObject({ code: 11 })
      expect(failed.stderr).toContain('[LOCKSTEP_ERR_WORKER_UNKNOWN]')
    }
  })
})

describe('lockstep stacks', () => {
  it('shows what a blocked worker executes, and that another one is idle', async () => {
    const folder = temporaryFolder()
    const spinning = join(folder, 'spins.mjs')
    writeFileSync(
      spinning,
      `function turnsForEver(response) {
  response.flushHeaders()
  setImmediate(() => {
    for (;;);
  })
}
export default (request, response) => (request.url === '/spin' ? turnsForEver(response) : response.end('1'))
`,
    )
    await using server = await startLockstep(['run', spinning, '--workers', '2', '--port', '0'])
    await fetch(new URL('/spin', server.url))
    for (const _ of ['at first', 'and again']) {
      const { code, stdout } = await verb(server, 'stacks')
      expect(code).toBe(0)
      expect(stdout).toMatch(/^worker [12] \(\d+\)\n {4}at .*spins\.mjs:4:\d+/m)
      expect(stdout).toMatch(/^worker [12] \(\d+\) {2}waits for events$/m)
    }
  })

  it('show a frame of the app without the escape sequence in its name, in the log too', async () => {
    const spinning = join(temporaryFolder(), 'spins.mjs')
    const named = String.raw`for (;;);\n//# sourceURL=\u001b]0;owned\u0007\u009b31m.js`
    writeFileSync(
      spinning,
      `export default (request, response) => {
  if (request.url !== '/spin') return response.end('1')
  response.flushHeaders()
  setImmediate(() => eval("${named}"))
}
`,
    )
    await using server = await startLockstep([
      ...['run', spinning, '--backend', 'cluster', '--port', '0', '--hang-timeout', '4s'],
      ...['--log-format', 'pretty'],
    ])
    await fetch(new URL('/spin', server.url))
    const shown = String.raw`\u001b]0;owned\u0007\u009b31m.js`
    const people = await verb(server, 'stacks')
    expect(people.stdout).toContain(shown)
    const json = await verb(server, 'stacks', '--json')
    expect(JSON.stringify(JSON.parse(json.stdout))).toContain('owned')
    await server.waitFor('blocks its event loop and is killed')
    await server.waitFor(shown)
    for (const text of [people.stdout, json.stdout, server.stderr(), server.stdout()])
      expect(text).not.toMatch(/[^\P{Cc}\n]/u)
  })

  it('are in the log before a hanging worker is killed', async () => {
    await using server = await startLockstep([
      'run',
      'apps/spins.js',
      '--backend',
      'cluster',
      '--port',
      '0',
      '--hang-timeout',
      '500ms',
    ])
    await fetch(new URL('/spin', server.url)).catch(() => undefined)
    await server.waitFor('blocks its event loop and is killed')
    const line = server
      .stderr()
      .split('\n')
      .find((text) => text.includes('blocks its event loop'))
    expect(JSON.parse(line ?? '{}').stack).toMatch(/at turnsForEver \(file:.*spins\.js:\d+:\d+\)/)
  })
})

describe('lockstep ps and status', () => {
  it('list every server of the user in one line each', async () => {
    await using server = await startCluster('--workers', '2', '--name', 'shop')
    const { stdout } = await verb(server, 'ps')
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^PID +NAME +STATE +BACKEND +WORKERS +AGE +ADDRESS$/),
      expect.stringMatching(new RegExp(`^${server.pid} +shop +ready +cluster +2/2 +\\d+s +${server.url}$`)),
      '',
    ])
  })

  it('keep watching with --watch until the server has stopped', async () => {
    await using server = await startCluster('--workers', '1')
    const watching = beginLockstep(['status', '--watch', '--json'], {
      env: { XDG_RUNTIME_DIR: server.runtimeFolder },
    })
    await watching.waitFor('"wanted":1')
    await verb(server, 'scale', '2')
    await watching.waitFor('"wanted":2')
    await verb(server, 'stop')
    const { code, stdout } = await watching.ended
    expect(code).toBe(0)
    // A line that has not changed is not written again.
    const lines = stdout.trim().split('\n')
    expect(new Set(lines).size).toBe(lines.length)
  })
})
