import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { clientAuthority } from '../support/certificates.ts'
import { fixtures } from '../support/lockstep.ts'
import { startUnderWine, type UnderWine } from '../support/lockstep-under-wine.ts'
import { killProcess, liveProcesses, waitUntilGone } from '../support/processes.ts'
import { run } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tlsExchange } from '../support/tls-client.ts'
import { waitUntil } from '../support/wait-until.ts'
import { useWineRuntime, wine, wineTimeoutMs, withoutWine } from '../support/wine.ts'

const secure = ['run', 'apps\\switches.js', '--port', '0', '--tls-self-signed'] as const
const single = ['--backend', 'single'] as const
const cluster = ['--backend', 'cluster', '--workers', '2'] as const

describe.skipIf(!wine.ready)(`Windows Node under Wine${withoutWine}`, { timeout: wineTimeoutMs }, () => {
  const runtime = useWineRuntime()

  it('reports the platform that was measured', () => {
    expect(runtime().platform).toBe('win32')
    expect(runtime().nodeVersion).toMatch(/^v24\./)
    expect(runtime().description).toMatch(/^Windows Node 24\.\d+\.\d+ under Wine 1\d\.\d+$/)
    expect(runtime().path('/tmp/a b/ü.pem')).toBe('Z:\\tmp\\a b\\ü.pem')
  })

  it.each([
    { backend: 'single', args: single, processes: 1, workers: 1 },
    { backend: 'cluster', args: cluster, processes: 3, workers: 2 },
  ])('serves TLS under $backend, and Ctrl-C stops it gracefully', async ({ args, processes, workers }) => {
    await using server = startUnderWine(runtime(), [...secure, ...args])
    await server.waitFor('Verified:')
    // netstat, which the check of the listeners has run, may still end.
    await waitUntil(() => server.process.processes().length === processes, {
      what: `no more than ${processes} processes`,
    })
    const answers = new Set<string>()
    for (let count = 0; count < 8; count += 1) answers.add(await curl(server))
    expect(answers.size).toBe(workers)
    expect(await leafSeenByOpenssl(server)).toBe(/SHA-256: +([0-9A-F:]+)/.exec(server.stdout())?.[1])

    const slow = await begin(server, '/slow?ms=1000')
    server.process.terminate()
    expect(await slow.answer).toBe(slow.worker)
    expect(await server.ended()).toEqual({ code: 0, signal: null })
    expect(server.stderr()).toMatch(/"message":"stopped"/)
    expect(server.process.processes()).toEqual([])
  })

  it('distributes a thousand connections to both workers, and loses none', async () => {
    await using server = startUnderWine(runtime(), [...secure, ...cluster])
    await server.waitFor('Verified:')
    const answers = new Map<string, number>()
    let left = 1_000
    const client = async (): Promise<void> => {
      for (; left > 0; left -= 1) {
        const answer = await (await begin(server, '/')).answer
        answers.set(answer, (answers.get(answer) ?? 0) + 1)
      }
    }
    await Promise.all(Array.from({ length: 8 }, client))
    expect(answers.size).toBe(2)
    expect(server.stderr()).toBe('')
  })

  it('sends each client without a certificate the alert, however soon it closes', async () => {
    const { caFile } = await clientAuthority()
    const clientAuth = ['--tls-client-auth', 'require', '--tls-ca', runtime().path(caFile)]
    await using server = startUnderWine(runtime(), [...secure, ...single, ...clientAuth])
    await server.waitFor('Verified:')
    const reasons = new Map<string, number>()
    for (let count = 0; count < 60; count += 1) {
      const reason = await tlsExchange(server.port(), { maxVersion: 'TLSv1.2' }).then(
        () => 'served',
        (error: Error) => /alert [a-z ]+/.exec(error.message)?.[0] ?? error.message,
      )
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    }
    expect([...reasons]).toEqual([['alert handshake failure', 60]])
  })

  it.each([
    {
      what: 'a misspelt option',
      args: [...secure, '--prot', '0'],
      code: 2,
      error: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
    },
    {
      what: 'an app that throws while it is loaded, under single',
      args: ['run', 'apps\\throws-on-load.js', '--port', '0', ...single],
      code: 3,
      error: 'LOCKSTEP_ERR_APP_LOAD',
    },
    {
      what: 'an app that throws while it is loaded, under cluster',
      args: ['run', 'apps\\throws-on-load.js', '--port', '0', ...cluster],
      code: 3,
      error: 'LOCKSTEP_ERR_APP_LOAD',
    },
  ])('refuses $what with exit code $code', async ({ args, code, error }) => {
    await using server = startUnderWine(runtime(), args)
    expect(await server.ended()).toEqual({ code, signal: null })
    expect(server.stderr()).toContain(error)
    expect(server.stdout()).toBe('')
    expect(server.process.processes()).toEqual([])
  })

  it('ends immediately on a second Ctrl-C, with its own exit code', async () => {
    await using server = startUnderWine(runtime(), [...secure, ...cluster])
    await server.waitFor('Verified:')
    const slow = await begin(server, '/slow?ms=600000')
    server.process.terminate()
    await server.waitFor('stopping')
    const pressed = performance.now()
    await waitUntil(() => performance.now() - pressed > 600, { what: 'a second key press' })
    server.process.terminate()
    expect(await server.ended()).toEqual({ code: 130, signal: null })
    await expect(slow.answer).rejects.toThrow()
    expect(server.process.processes()).toEqual([])
  })

  it('names the configuration file as Windows does', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'lockstep.config.json'), '{ "port": 0 }')
    await using plan = startUnderWine(
      runtime(),
      ['plan', runtime().path(join(fixtures, 'apps/hello.js'))],
      folder,
    )
    expect(await plan.ended()).toEqual({ code: 0, signal: null })
    expect(plan.stdout()).toContain(`Configuration file: ${runtime().path(folder)}\\lockstep.config.json`)
  })

  it('loads code of a configuration file at a reload in a separate process', async () => {
    const folder = temporaryFolder()
    const put = (days: number): void =>
      writeFileSync(
        join(folder, 'lockstep.config.mjs'),
        `export default { port: 0, tls: { selfSigned: true, expiryWarningDays: ${days} } }`,
      )
    put(1)
    const app = runtime().path(join(fixtures, 'apps/hello.js'))
    await using server = startUnderWine(runtime(), ['run', app, '--log-format', 'json'], folder)
    await server.waitFor('"type":"ready"')
    put(2)
    await using verb = startUnderWine(runtime(), ['reload'], folder)
    expect(await verb.ended()).toEqual({ code: 0, signal: null })
    expect(verb.stdout()).toContain('The configuration file was loaded again')
    server.process.terminate()
    await server.ended()
  })

  it('replaces a crashed worker, and then stops gracefully', async () => {
    await using server = startUnderWine(runtime(), [...secure, ...cluster])
    await server.waitFor('Verified:')
    const { worker } = await begin(server, '/crash')
    await server.waitFor('is replaced')
    expect(server.stderr()).toContain('crashed on purpose')
    expect(server.stderr()).toMatch(/"message":"worker [12] died"/)
    const alive = new Set<string>()
    await waitUntil(
      async () => {
        alive.add(await (await begin(server, '/')).answer)
        return alive.size === 2
      },
      { deadlineMs: 120_000, what: 'an answer of the new worker' },
    )
    expect(alive).not.toContain(worker)
    server.process.terminate()
    expect(await server.ended()).toEqual({ code: 0, signal: null })
    expect(server.process.processes()).toEqual([])
  })

  it('ends a worker that blocks its event loop, with its process tree, at the deadline', async () => {
    await using server = startUnderWine(runtime(), [...secure, ...cluster, '--graceful-timeout', '500ms'])
    await server.waitFor('Verified:')
    await begin(server, '/block?ms=600000')
    server.process.terminate()
    expect(await server.ended()).toEqual({ code: 0, signal: null })
    expect(server.stderr()).toContain('did not end in time and is killed')
    expect(server.process.processes()).toEqual([])
  })

  it('leaves no worker behind when the primary is killed, not even one that blocks its event loop', async () => {
    await using server = startUnderWine(runtime(), [...secure, ...cluster])
    await server.waitFor('Verified:')
    await begin(server, '/block?ms=600000')
    const primary = server.process.processes().find(({ words }) => words.includes('run'))
    killProcess(primary?.pid)
    const left = (): number[] => server.process.processes().map(({ pid }) => pid)
    await waitUntilGone(left, 30_000)
  })

  it('does not end detached processes of an app when the primary is killed, as docs/signals.md says', async () => {
    const args = ['run', 'apps\\starts-detached.js', '--port', '0', '--backend', 'cluster']
    await using server = startUnderWine(runtime(), args)
    await server.waitFor('Verified:')
    killProcess(server.process.processes().find(({ words }) => words.includes('run'))?.pid)
    const left = (): string[] => server.process.processes().map(({ words }) => words.join(' '))
    await waitUntil(() => left().length === 1, { deadlineMs: 30_000, what: () => left().join('\n') })
    expect(left()[0]).toContain('detached')
  })

  it('runs four servers at the same time, and each ends independently', async () => {
    await using one = startUnderWine(runtime(), [...secure, ...cluster])
    await using two = startUnderWine(runtime(), [...secure, ...cluster])
    await using three = startUnderWine(runtime(), [...secure, ...single])
    await using four = startUnderWine(runtime(), [...secure, ...single])
    await Promise.all([one, two, three, four].map((server) => server.waitFor('Verified:')))
    await one.process.kill()
    three.process.terminate()
    expect(await three.ended()).toEqual({ code: 0, signal: null })
    expect([one, three].flatMap((server) => server.process.processes())).toEqual([])
    for (const server of [two, four]) expect(Number(await curl(server))).toBeGreaterThan(0)
  })

  it('leaves nothing behind when the process that opened the runtime is killed', async () => {
    if (!wine.ready) return
    const [id, output] = [randomUUID(), join(temporaryFolder(), 'output')]
    writeFileSync(output, '')
    const script = join(fixtures, 'opens-wine.mjs')
    const args = [script, wine.root, wine.node, join(fixtures, 'stays.cjs'), output, id]
    const owner = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
    await waitUntil(() => readFileSync(output, 'utf8').includes('here'), {
      deadlineMs: 120_000,
      what: 'the Windows process',
    })
    expect(liveProcesses(id).length).toBeGreaterThan(0)
    owner.kill('SIGKILL')
    await waitUntilGone(() => liveProcesses(id), 30_000)
  })
})

async function curl(server: UnderWine): Promise<string> {
  const url = `https://127.0.0.1:${server.port()}/`
  const { code, stdout, stderr } = await run('curl', ['-sSk', '--max-time', '10', url])
  expect(code, stderr).toBe(0)
  return stdout
}

async function leafSeenByOpenssl(server: UnderWine): Promise<string | undefined> {
  const { stdout } = await run('openssl', ['s_client', '-connect', `127.0.0.1:${server.port()}`])
  const printed = await run('openssl', ['x509', '-noout', '-fingerprint', '-sha256'], stdout)
  return /Fingerprint=([0-9A-F:]+)/.exec(printed.stdout)?.[1]
}

/** A request on a connection of its own that a worker has begun to work on. Processes are named by their Windows process ids. */
function begin(server: UnderWine, path: string): Promise<{ worker: string; answer: Promise<string> }> {
  return new Promise((resolve, reject) => {
    const url = `https://127.0.0.1:${server.port()}${path}`
    const request = https.get(url, { agent: false, rejectUnauthorized: false }, (response) => {
      const answer = text(response)
      // A test that expects a failure does not wait for it.
      answer.catch(() => undefined)
      resolve({ worker: String(response.headers['x-worker']), answer })
    })
    request.once('error', reject)
  })
}
