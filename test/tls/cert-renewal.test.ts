import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { issueCertificate, readOrCreateLocalAuthority, readOrIssueLocalCertificate } from '@lockstep/certs'
import { type LaunchEvent, launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { leavesByProcess, tlsExchange } from '../support/tls-client.ts'
import { waitUntil } from '../support/wait-until.ts'

const app = `${fixtures}apps/switches.js`
const dayMs = 86_400_000
const fromNow = (ms: number): Date => new Date(Date.now() + ms)

/** Creates a data folder with a leaf of the local CA that is due for renewal in a moment. */
async function dataFolder({ renewInMs }: { renewInMs: number }): Promise<{ data: string; leaf: string }> {
  const data = temporaryFolder()
  const folder = join(data, 'lockstep', 'local-ca')
  const { authority } = await readOrCreateLocalAuthority({ folder })
  const { chainPem, keyPem, fingerprint256 } = await issueCertificate({
    authority,
    hosts: ['127.0.0.1', '::1', 'localhost'],
    notBefore: fromNow(renewInMs - 2 * dayMs),
    notAfter: fromNow(renewInMs + dayMs),
  })
  // Replaces the leaf that the launcher would find.
  const leaves = join(folder, 'leaves')
  const { file } = await readOrIssueLocalCertificate({ authority, folder: leaves, hosts: [] })
  writeFileSync(file, chainPem + keyPem, { mode: 0o600 })
  return { data, leaf: fingerprint256 }
}

describe('a certificate of the local CA', () => {
  it.each(['single', 'cluster'])('is renewed under %s while the server runs', async (backend) => {
    const { data, leaf } = await dataFolder({ renewInMs: 8_000 })
    await using server = await startLockstep(
      [
        'run',
        app,
        '--port',
        '0',
        '--backend',
        backend,
        '--workers',
        backend === 'single' ? '1' : '2',
        '--tls-self-signed',
      ],
      { env: { XDG_DATA_HOME: data } },
    )
    expect((await tlsExchange(server.port)).fingerprint256).toBe(leaf)
    await server.waitFor(/reloaded and in use by every worker/, 20_000)
    const leaves = new Set(
      (await leavesByProcess(server.port, { processes: backend === 'single' ? 1 : 2 })).values(),
    )
    expect([...leaves]).toEqual([expect.not.stringMatching(leaf)])
    const {
      servers: [status],
    } = JSON.parse(
      (await runLockstep(['status', '--json'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })).stdout,
    )
    expect(status).toMatchObject({
      certificate: { fingerprint256: [...leaves][0] },
      reload: { last: { cause: 'renewal', before: { fingerprint256: leaf }, sessionsKept: true } },
    })
  })
})

describe('a server that runs past the warning date of its certificate', () => {
  it('warns in the log, by an event and in its status, and reports the expiry', async () => {
    const { cert, key } = await pairFiles({ notAfter: fromNow(100 * dayMs) })
    let aheadMs = 0
    const told: LaunchEvent[] = []
    await using handle = await launch(
      { app, port: 0, log: { level: 'silent' }, tls: { cert, key } },
      {
        ...{ config: false, envFile: false, environment: false },
        now: () => fromNow(aheadMs),
        timing: { clockMs: 10, expiryMs: dayMs },
        onEvent: (event) => void (event.type === 'certificate:expiring' && told.push(event)),
      },
    )
    expect([told, handle.status().expiring]).toEqual([[], []])
    for (const days of [87, 101]) {
      aheadMs = days * dayMs
      const before = told.length
      await waitUntil(() => told.length > before, { what: `the word after ${days} days` })
      expect(told.at(-1)).toMatchObject({ leaf: { subject: 'CN=localhost' } })
      expect(handle.status().expiring).toEqual([{ ...handle.status().certificate, role: 'leaf' }])
    }
    expect((await tlsExchange(Number(new URL(handle.url).port))).version).toBe('TLSv1.3')
  })

  it('is warned about at the start and at each reload, and shown by status', async () => {
    const { cert, key } = await pairFiles({ notAfter: fromNow(10 * dayMs + 60_000) })
    await using server = await startLockstep([
      ...['run', app, '--port', '0', '--tls-expiry-warning-days', '30', '--tls-cert', cert, '--tls-key', key],
    ])
    const count = (): number => server.stderr().split('(in 10 days). Renew it.').length - 1
    await waitUntil(() => count() === 1, { what: 'the warning of the start' })
    const env = { XDG_RUNTIME_DIR: server.runtimeFolder }
    expect(await runLockstep(['reload'], { env })).toMatchObject({ code: 0 })
    await waitUntil(() => count() === 2, { what: 'the warning of the reload' })
    const { stdout } = await runLockstep(['status'], { env })
    expect(stdout).toMatch(/renew +CN=localhost for localhost, .*, expires .* \(in 10 days\)/)
  })
})
