// Certificates and lists that expire. There is a warning before, and an expired one does not block a renewal of others.
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createAuthority, issueRevocationList } from '@lockstep/certs'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tlsExchange } from '../support/tls-client.ts'
import { waitUntil } from '../support/wait-until.ts'

const hello = join(fixtures, 'apps/hello.js')
const clock = pathToFileURL(join(fixtures, 'shifted-clock.mjs')).href
const dayMs = 86_400_000
const fromNow = (days: number): Date => new Date(Date.now() + days * dayMs)
const flags = ({ cert, key }: { cert: string; key: string }): string[] => [
  '--tls-cert',
  cert,
  '--tls-key',
  key,
]

async function check(...args: string[]): Promise<{ code: number | null; text: string }> {
  const { code, stdout, stderr } = await runLockstep(['check', hello, '--port', '0', ...args])
  return { code, text: stdout + stderr }
}

const current = await createAuthority({ commonName: 'current CA' })
const old = await createAuthority({ commonName: 'old CA', notBefore: fromNow(-100), notAfter: fromNow(-1) })
const folder = temporaryFolder()
const both = write(folder, 'both.pem', current.certPem + old.certPem)

describe('a CA for clients that has expired', () => {
  it('is left out with a warning and with its revocation list if there is another CA', async () => {
    const pair = await pairFiles()
    const { code, text } = await check(...flags(pair), '--tls-ca', both, '--tls-client-auth', 'require')
    expect(text).toContain('The CA certificate CN=old CA')
    expect(text).toContain('it is left out: it no longer vouches for any client. Take it out of the file.')
    expect(code).toBe(0)
    const list = (authority: typeof old): Promise<string> => issueRevocationList({ authority, revoked: [] })
    const lists = write(folder, 'lists.pem', (await list(current)) + (await list(old)))
    expect(
      (await check(...flags(pair), '--tls-ca', both, '--tls-crl', lists, '--tls-client-auth', 'require'))
        .code,
    ).toBe(0)
  })

  it('is refused if it is the only one', async () => {
    const pair = await pairFiles()
    const ca = write(folder, 'old.pem', old.certPem)
    await failedLaunch(['check', hello, ...flags(pair), '--tls-ca', ca, '--tls-client-auth', 'request'], {
      code: 'LOCKSTEP_ERR_TLS_CERT_EXPIRED',
      says: ['CN=old CA'],
    })
  })

  it('does not keep a running server from loading its own new certificate', async () => {
    const here = temporaryFolder()
    const short = await createAuthority({ commonName: 'short CA', notAfter: fromNow(1 / 24) })
    const ca = write(here, 'ca.pem', short.certPem)
    const [first, second] = [await pairFiles(), await pairFiles()]
    const served = { cert: write(here, 'cert.pem', first.certPem), key: write(here, 'key.pem', first.keyPem) }
    const shift = write(here, 'shift', '0')
    await using server = await startLockstep(
      [
        ...['run', hello, '--port', '0', ...flags(served)],
        ...['--tls-ca', ca, '--tls-client-auth', 'request'],
      ],
      { env: { NODE_OPTIONS: `--import=${clock}`, TEST_CLOCK_SHIFT: shift } },
    )
    await server.waitFor('The CA certificate for clients CN=short CA')
    writeFileSync(shift, String(dayMs))
    for (const [name, text] of [
      ['key', second.keyPem],
      ['cert', second.certPem],
    ] as const) {
      write(here, 'next', text)
      renameSync(join(here, 'next'), join(here, `${name}.pem`))
    }
    await waitUntil(async () => (await tlsExchange(server.port)).fingerprint256 === second.fingerprint256, {
      deadlineMs: 20_000,
      what: 'the new certificate',
    })
    // It had expired by then.
    await server.waitFor('so every client that shows a certificate by it is refused')
  })
})

describe('a revocation list that is out of date', () => {
  const late = (): Promise<string> =>
    issueRevocationList({ authority: current, revoked: [], nextUpdate: new Date(Date.now() - 1_000) })

  it('causes a warning if client certificates are optional, and refuses a launch that would serve no client', async () => {
    const pair = await pairFiles()
    const ca = write(folder, 'current.pem', current.certPem)
    const list = write(folder, 'late.pem', await late())
    const options = [...flags(pair), '--tls-ca', ca, '--tls-crl', list]
    const { code, text } = await check(...options, '--tls-client-auth', 'request')
    expect(text).toContain('OpenSSL refuses every client of that CA. Get the current list from the CA.')
    expect(code).toBe(0)
    await failedLaunch(['check', hello, ...options, '--tls-client-auth', 'require'], {
      code: 'LOCKSTEP_ERR_TLS_CRL_EXPIRED',
      says: ['current CA'],
    })
  })

  it('of one CA does not block the clients of another CA', async () => {
    const pair = await pairFiles()
    const second = await createAuthority({ commonName: 'second CA' })
    const ca = write(folder, 'two.pem', current.certPem + second.certPem)
    const lists = write(
      folder,
      'two-lists.pem',
      (await late()) + (await issueRevocationList({ authority: second, revoked: [] })),
    )
    const { code, text } = await check(
      ...flags(pair),
      '--tls-ca',
      ca,
      '--tls-crl',
      lists,
      '--tls-client-auth',
      'require',
    )
    expect(text).toContain('OpenSSL refuses every client of that CA')
    expect(code).toBe(0)
  })
})

it('an intermediate that expires soon causes the same warnings as a leaf: by run, check, status and inspect', async () => {
  const middle = await createAuthority({
    commonName: 'middle',
    issuer: current,
    notBefore: fromNow(-300),
    notAfter: fromNow(1.5),
  })
  const pair = await pairFiles({ authority: middle })
  const warning = 'The intermediate certificate CN=middle expires on'
  expect((await check(...flags(pair))).text).toContain(warning)
  const inspected = await runLockstep(['cert', 'inspect', pair.cert, '--ca', both])
  expect(inspected.stdout).toContain('Certificate 2: It expires on')
  await using server = await startLockstep(['run', hello, '--port', '0', ...flags(pair)])
  await server.waitFor(warning)
  const status = await runLockstep(['status', '--pid', String(server.pid)], {
    env: { XDG_RUNTIME_DIR: server.runtimeFolder },
  })
  expect(status.stdout).toContain('intermediate CN=middle')
})
