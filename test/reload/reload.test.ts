import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { issueCertificate } from '@lockstep/certs'
import { type LaunchHandle, launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { clientAuthority, type Pair, pairFiles, write } from '../support/certificates.ts'
import { fixtures, runLockstep, type Started, startLockstep } from '../support/lockstep.ts'
import { killProcess } from '../support/processes.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heldConnection, leavesByProcess, tlsExchange } from '../support/tls-client.ts'
import { waitUntil } from '../support/wait-until.ts'

const app = `${fixtures}apps/switches.js`
const alone = { config: false, envFile: false, environment: false } as const

/** A pair under fixed paths. */
async function renewable(): Promise<Pair & { renew(): Promise<string> }> {
  const pair = await pairFiles()
  return {
    ...pair,
    async renew() {
      const { chainPem, keyPem, fingerprint256 } = await issueCertificate({
        hosts: ['localhost', '127.0.0.1'],
      })
      replace(pair.key, keyPem)
      replace(pair.cert, chainPem)
      return fingerprint256
    },
  }
}

function replace(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Runs a verb for the servers of that launch. */
function verb(server: Started, words: readonly string[]): ReturnType<typeof runLockstep> {
  return runLockstep(words, { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
}

describe('a reload', () => {
  it.each(['single', 'cluster'])(
    'under %s changes nothing if the new pair is bad, and reports it in the log, in status and by its exit code',
    async (backend) => {
      const { cert, key, fingerprint256, renew } = await renewable()
      await using server = await startLockstep([
        ...['run', app, '--backend', backend, '--port', '0', '--no-tls-watch'],
        ...['--tls-cert', cert, '--tls-key', key, '--log-format', 'json'],
      ])
      const good = readFileSync(key, 'utf8')
      await renew()
      const renewedKey = readFileSync(key, 'utf8')
      replace(key, good)
      const failed = await verb(server, ['reload'])
      expect(failed).toMatchObject({ code: 4, stdout: '' })
      expect(failed.stderr).toContain('[LOCKSTEP_ERR_TLS_KEY_MISMATCH]')
      await server.waitFor(/"level":"error","message":"reload failed, and the server goes on/)
      const [status] = JSON.parse((await verb(server, ['status', '--json'])).stdout).servers
      expect(status).toMatchObject({
        state: 'ready',
        certificate: { fingerprint256 },
        reload: { last: null, failure: { cause: 'verb', code: 'LOCKSTEP_ERR_TLS_KEY_MISMATCH' } },
      })
      expect((await tlsExchange(server.port)).fingerprint256).toBe(fingerprint256)

      replace(key, renewedKey)
      const mended = JSON.parse((await verb(server, ['reload', '--json'])).stdout)
      expect(mended).toMatchObject({ changed: true, before: { fingerprint256 }, sessionsKept: true })
      expect(mended.verification.endpoints[0].tls.fingerprint256).toBe(mended.after.fingerprint256)
      expect((await tlsExchange(server.port)).fingerprint256).toBe(mended.after.fingerprint256)
      const [after] = JSON.parse((await verb(server, ['status', '--json'])).stdout).servers
      expect(after.reload.failure).toBeNull()
    },
  )

  it('reaches every worker, the replacement of one that dies meanwhile, and those that start later', async () => {
    const { cert, key, renew } = await renewable()
    await using server = await startLockstep([
      ...['run', app, '--workers', '4', '--port', '0', '--no-tls-watch', '--log-level', 'debug'],
      ...['--tls-cert', cert, '--tls-key', key],
    ])
    const workers = (): number[] => server.processes().filter((pid) => pid !== server.pid)
    /** According to the log: a connection to each of them would slow down the worker that is waited for. */
    const isReady = (pid: number): boolean =>
      new RegExp(`is ready".*"workerPid":${pid}\\}`).test(server.stderr())
    /** Kills one worker, and returns a promise that resolves when there are four others that are ready. */
    const kill = (): Promise<void> => {
      const [victim = 0] = workers()
      process.kill(victim, 'SIGKILL')
      return waitUntil(
        () => workers().length === 4 && !workers().includes(victim) && workers().every(isReady),
        { deadlineMs: 20_000, what: 'four workers that are ready' },
      )
    }
    for (let round = 0; round < 3; round += 1) {
      const leaf = await renew()
      const replaced = kill()
      // The other workers stay, or each would be a later one.
      expect(await verb(server, ['reload', '--tls-only'])).toMatchObject({ code: 0 })
      await replaced
      for (const when of ['one died during the reload', 'one died after it']) {
        const leaves = new Set<string>()
        const ask = async (): Promise<boolean> => {
          const answers = await leavesByProcess(server.port, { processes: 4 })
          for (const seen of answers.values()) leaves.add(seen)
          return answers.size === 4
        }
        await waitUntil(ask, { deadlineMs: 20_000, what: 'answers of four workers' })
        expect([...leaves], when).toEqual([leaf])
        if (when.endsWith('reload')) await kill()
      }
    }
  })

  it('reaches a worker that boots meanwhile before its first connection', async () => {
    const { cert, key, renew } = await renewable()
    const folder = temporaryFolder()
    const gate = join(folder, 'gate')
    const waiting = write(
      folder,
      'waits-for-gate.mjs',
      `import { existsSync } from 'node:fs'
while (existsSync(${JSON.stringify(gate)})) await new Promise((resolve) => setTimeout(resolve, 20))
export default (_request, response) => response.end(String(process.pid))
`,
    )
    await using handle = await launch(
      { app: waiting, port: 0, workers: 2, log: { level: 'silent' }, tls: { cert, key, watch: false } },
      alone,
    )
    const states = (): string[] => handle.workers.map(({ state }) => state).sort()
    writeFileSync(gate, '')
    killProcess(handle.workers[0]?.pid)
    await waitUntil(() => states().includes('booting'), { what: 'its successor' })
    const leaf = await renew()
    await handle.reload({ scope: 'tls' })
    expect(states()).toEqual(['booting', 'ready'])
    rmSync(gate)
    await waitUntil(() => !states().includes('booting'), { what: 'the end of its boot' })
    const leaves = await leavesByProcess(Number(new URL(handle.url).port), { processes: 2 })
    expect([...leaves.values()]).toEqual([leaf, leaf])
  })

  it('automatically uses a pair that was replaced while the server started', async () => {
    const { cert, key, renew } = await renewable()
    let renewed: Promise<string> | undefined
    const handle = await launch(
      { app, port: 0, log: { level: 'silent' }, tls: { cert, key } },
      {
        ...alone,
        onEvent({ type }) {
          if (type === 'worker:ready') renewed = renew()
        },
      },
    )
    const leaf = await renewed
    await waitUntil(() => handle.status().certificate?.fingerprint256 === leaf, { what: 'the new leaf' })
    await handle.stop()
  })

  it('applies every change of policy, and ends sessions that the old policy allowed', async () => {
    const { cert, key } = await renewable()
    const { caFile, client } = await clientAuthority()
    const folder = temporaryFolder()
    const config = (tls: object): void =>
      void write(
        folder,
        'lockstep.config.json',
        JSON.stringify({ port: 0, tls: { cert, key, watch: false, ...tls } }),
      )
    config({})
    await using server = await startLockstep(['run', app, '--workers', '2'], { cwd: folder })
    const before = await tlsExchange(server.port, { maxVersion: 'TLSv1.2' })
    expect(before.version).toBe('TLSv1.2')

    config({ minVersion: 'TLSv1.3' })
    expect((await verb(server, ['reload'])).stdout).toContain(
      'ended, since more than the certificate has changed',
    )
    await expect(tlsExchange(server.port, { maxVersion: 'TLSv1.2' })).rejects.toThrow()
    expect((await tlsExchange(server.port)).version).toBe('TLSv1.3')

    config({ minVersion: 'TLSv1.3', clientAuth: 'require', ca: caFile })
    await verb(server, ['reload'])
    await expect(tlsExchange(server.port)).rejects.toThrow()
    const known = { cert: client.cert, key: client.key }
    const { session } = await tlsExchange(server.port, known)
    expect((await tlsExchange(server.port, { ...known, session: session ?? Buffer.of() })).resumed).toBe(true)

    config({ minVersion: 'TLSv1.3', clientAuth: 'require', ca: (await clientAuthority()).caFile })
    await verb(server, ['reload'])
    await expect(tlsExchange(server.port, { ...known, session: session ?? Buffer.of() })).rejects.toThrow()
  })

  it.each([
    ['json', (options: object) => JSON.stringify(options)],
    ['mjs', (options: object) => `export default ${JSON.stringify(options)}\n`],
    ['cjs', (options: object) => `module.exports = ${JSON.stringify(options)}\n`],
    ['ts', (options: object) => `export default ${JSON.stringify(options)} satisfies object\n`],
  ])(
    'reads a configuration file in %s again, and refuses options that only take effect at a start',
    async (ending, text) => {
      const { cert, key } = await renewable()
      const other = await pairFiles()
      const folder = temporaryFolder()
      const put = (options: object): void =>
        void write(folder, `lockstep.config.${ending}`, text({ port: 0, ...options }))
      put({ tls: { cert, key } })
      await using server = await startLockstep(['run', app], { cwd: folder })

      put({ backlog: 100, tls: { cert: other.cert, key: other.key } })
      const refused = await verb(server, ['reload'])
      expect(refused.code).toBe(11)
      expect(refused.stderr).toContain('backlog was 511 at the start and is 100 now')
      expect(refused.stderr).toContain('[LOCKSTEP_ERR_RELOAD_NEEDS_START]')

      put({ tls: { cert: other.cert, key: other.key } })
      expect(await verb(server, ['reload'])).toMatchObject({ code: 0 })
      expect((await tlsExchange(server.port)).fingerprint256).toBe(other.fingerprint256)

      put({})
      const plain = await verb(server, ['reload'])
      expect(plain.stderr).toContain('The server was started with TLS, and no certificate is set now.')
      expect((await tlsExchange(server.port)).fingerprint256).toBe(other.fingerprint256)
    },
  )

  it('opens an encrypted key again with a passphrase of the environment, and sees a changed .env', async () => {
    const passphrase = 'of the environment'
    const first = await pairFiles({ passphrase })
    const second = await pairFiles({ passphrase })
    const folder = temporaryFolder()
    const put = ({ cert, key }: Pair): void =>
      void write(folder, '.env', `LOCKSTEP_TLS_CERT=${cert}\nLOCKSTEP_TLS_KEY=${key}\n`)
    put(first)
    await using server = await startLockstep(['run', app, '--port', '0'], {
      cwd: folder,
      env: { LOCKSTEP_TLS_PASSPHRASE: passphrase },
    })
    put(second)
    expect(await verb(server, ['reload'])).toMatchObject({ code: 0 })
    expect((await tlsExchange(server.port)).fingerprint256).toBe(second.fingerprint256)
  })

  it('names the variables of .env that the app would see after a start only', async () => {
    const folder = temporaryFolder()
    void write(folder, '.env', 'SHOP_NAME=old\nSHOP_SIZE=1\nLOCKSTEP_LOG_LEVEL=info\n')
    await using server = await startLockstep(['run', app, '--port', '0'], { cwd: folder })
    const same = await verb(server, ['reload', '--tls-only'])
    expect(same).toMatchObject({ code: 0 })
    expect(same.stdout + server.stderr()).not.toContain('environment file')
    void write(folder, '.env', 'SHOP_NAME=new\nSHOP_SIZE=1\nLOCKSTEP_LOG_LEVEL=info\n')
    const warning =
      'SHOP_NAME has changed in the environment file; the app gets it at the next start: stop the server and start it again'
    const changed = await verb(server, ['reload', '--tls-only'])
    expect(changed).toMatchObject({ code: 0, stdout: expect.stringContaining(`! ${warning}\n`) })
    await server.waitFor(warning)
    const { stdout } = await verb(server, ['reload', '--tls-only', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, warnings: [warning] })
  })

  it('runs one more reload for all calls during a reload, and is interrupted by a stop', async () => {
    const folder = temporaryFolder()
    const pair = await pairFiles({ passphrase: 'slow' })
    const gate = join(folder, 'gate')
    const calls = join(folder, 'calls')
    writeFileSync(gate, '')
    // Counts each read of the passphrase, and delays it until the gate opens.
    const passphraseCommand = `echo >> ${calls}; while [ ! -e ${gate} ]; do sleep 0.02; done; echo slow`
    const count = (): number => readFileSync(calls, 'utf8').length
    const handle: LaunchHandle = await launch(
      { app, port: 0, log: { level: 'silent' }, tls: { cert: pair.cert, key: pair.key, passphraseCommand } },
      alone,
    )
    renameSync(gate, `${gate}.shut`)
    const reloads = [handle.reload()]
    await waitUntil(() => count() === 2, { what: 'the reload to read the passphrase' })
    expect(handle.status().state).toBe('reloading')
    for (let more = 0; more < 3; more += 1) reloads.push(handle.reload())
    renameSync(`${gate}.shut`, gate)
    const results = await Promise.all(reloads)
    expect(results.map(({ changed }) => changed)).toEqual([false, false, false, false])
    expect(count()).toBe(3)

    renameSync(gate, `${gate}.shut`)
    const late = handle.reload()
    const failure = expect(late).rejects.toMatchObject({ code: 'LOCKSTEP_ERR_RELOAD_REFUSED' })
    await waitUntil(() => count() === 4, { what: 'one more reload' })
    await handle.stop()
    renameSync(`${gate}.shut`, gate)
    await failure
    await expect(handle.reload()).rejects.toMatchObject({ code: 'LOCKSTEP_ERR_RELOAD_REFUSED' })
    expect(handle.status().reload.failure).toBeNull()
  })

  it('succeeds if clients use up all connections, and reports that it could not verify', async () => {
    const { cert, key, renew, fingerprint256 } = await renewable()
    await using handle = await launch(
      {
        app,
        port: 0,
        log: { level: 'silent' },
        limits: { connections: 1 },
        tls: { cert, key, watch: false },
      },
      alone,
    )
    const port = Number(new URL(handle.url).port)
    using held = await heldConnection(port)
    const leaf = await renew()
    expect(await handle.reload()).toMatchObject({ changed: true, verification: null })
    expect(held.fingerprint256).toBe(fingerprint256)
    held[Symbol.dispose]()
    await waitUntil(
      async () =>
        tlsExchange(port).then(
          (seen) => seen.fingerprint256 === leaf,
          () => false,
        ),
      { what: 'the new leaf' },
    )
  })

  it('does nothing for a server without TLS', async () => {
    await using handle = await launch({ app, port: 0, log: { level: 'silent' } }, alone)
    expect(await handle.reload()).toMatchObject({ changed: false, before: null, after: null })
  })

  it('rotates the ticket keys in every worker, but not when only the certificate changes', async () => {
    const { cert, key, renew } = await renewable()
    await using handle = await launch(
      { app, port: 0, workers: 2, log: { level: 'silent' }, tls: { cert, key, watch: false } },
      { ...alone, timing: { rotationMs: 3_000 } },
    )
    const port = Number(new URL(handle.url).port)
    const take = async (): Promise<Buffer> => (await tlsExchange(port)).session ?? Buffer.of()
    const isTaken = async (session: Buffer): Promise<boolean> =>
      (await tlsExchange(port, { session })).resumed
    const byEachWorker = async (session: Buffer): Promise<boolean> =>
      (await Promise.all(Array.from({ length: 8 }, () => isTaken(session)))).every(Boolean)
    const first = await take()
    await waitUntil(async () => !(await isTaken(first)), { what: 'the first rotation' })
    const second = await take()
    await renew()
    await handle.reload()
    expect(await byEachWorker(second)).toBe(true)
    await waitUntil(async () => !(await isTaken(second)), { what: 'the second rotation' })
  })
})

describe('SIGHUP', () => {
  it('loads a new certificate, and replaces the workers of a cluster', async () => {
    const { cert, key, renew } = await renewable()
    await using server = await startLockstep([
      ...['run', app, '--workers', '2', '--port', '0', '--no-tls-watch'],
      ...['--tls-cert', cert, '--tls-key', key],
    ])
    const leaf = await renew()
    for (const pid of server.processes()) process.kill(pid, 'SIGHUP')
    await server.waitFor('in use by every worker')
    expect((await tlsExchange(server.port)).fingerprint256).toBe(leaf)
    server.signal('SIGHUP')
    await server.waitFor('every worker was replaced')
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
  })

  it('reloads on a terminal, and stops the server when the terminal closes', async () => {
    const { cert, key, renew } = await renewable()
    const folder = temporaryFolder()
    const pidFile = join(folder, 'pid')
    // script(1) provides a terminal. The words after it are the command line.
    const through = ['sh', '-c', 'exec script -qec "\'$0\' $*" /dev/null']
    await using terminal = await startLockstep(
      [
        'run',
        app,
        '--workers',
        '2',
        '--port',
        '0',
        '--no-tls-watch',
        '--pid-file',
        pidFile,
        '--tls-cert',
        cert,
        '--tls-key',
        key,
      ],
      { through },
    )
    const primary = Number(readFileSync(pidFile, 'utf8'))
    const leaf = await renew()
    process.kill(primary, 'SIGHUP')
    await terminal.waitFor('in use by every worker')
    expect((await tlsExchange(terminal.port)).fingerprint256).toBe(leaf)
    terminal.child.kill('SIGKILL')
    try {
      await waitUntil(() => terminal.processes().length === 0, { what: 'the end of all processes' })
    } finally {
      // It is not a child of the test, and would outlive a failure.
      for (const pid of terminal.processes()) process.kill(pid, 'SIGKILL')
    }
    // A killed process leaves it behind.
    expect(existsSync(pidFile)).toBe(false)
  })
})
