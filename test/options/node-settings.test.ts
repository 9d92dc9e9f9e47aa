// Settings of Node for the whole process. They are the defaults of options with the same meaning, and do not limit the launcher's own probe.
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { failedLaunch } from '../support/failed-launch.ts'
import { runLockstep, type Started, startLockstep } from '../support/lockstep.ts'
import { tlsExchange } from '../support/tls-client.ts'

const app = 'apps/hello.js'
const withNode = (NODE_OPTIONS: string) => ({ env: { NODE_OPTIONS } })
const secured = (backend: string, ...more: string[]): string[] => [
  ...['run', app, '--port', '0', '--backend', backend, '--tls-self-signed', ...more],
]

/** Returns the status of a request with a cookie of that many bytes. */
async function statusOf(server: Started, cookieBytes: number): Promise<string> {
  const socket = connect(server.port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text
  })
  socket.on('error', () => undefined)
  socket.write(
    `GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: a=${'x'.repeat(cookieBytes)}\r\n\r\n`,
  )
  await once(socket, 'close', { signal: AbortSignal.timeout(10_000) })
  return answer.slice(9, 12)
}

describe.each(['single', 'cluster'])('the size of headers under %s', (backend) => {
  it('follows the setting of Node, unless the option is set', async () => {
    const line = ['run', app, '--port', '0', '--backend', backend]
    const large = withNode('--max-http-header-size=65536')
    await using server = await startLockstep(line, large)
    expect([await statusOf(server, 40_000), await statusOf(server, 70_000)]).toEqual(['200', '431'])
    await using limited = await startLockstep([...line, '--limit-header-bytes', '16KiB'], large)
    expect(await statusOf(limited, 40_000)).toBe('431')
  })
})

describe('plan', () => {
  it.each([
    ['--max-http-header-size=65536', '--max-http-header-size', /limits\.headerBytes = 64KiB|65536/],
    ['--max_http_header_size=65536', '--max-http-header-size', /limits\.headerBytes/],
    ['--tls-min-v1.3', '--tls-min-v1.3', /tls\.minVersion = TLSv1\.3/],
    ['--tls-max-v1.2', '--tls-max-v1.2', /tls\.maxVersion = TLSv1\.2/],
    ['--tls-cipher-list=ECDHE-RSA-AES256-GCM-SHA384', '--tls-cipher-list', /tls\.ciphers = ECDHE-RSA-AES256/],
  ])('names %s as the source of the value', async (given, flag, shown) => {
    const { stdout } = await runLockstep(['plan', app, '--tls-self-signed'], withNode(given))
    const lines = stdout.split('\n').filter((line) => line.includes(`Node: ${flag}`))
    expect(lines.join('\n')).toMatch(shown)
  })
})

describe.each(['single', 'cluster'])('TLS under %s', (backend) => {
  it.each([
    ['--tls-max-v1.2', 'TLSv1.2'],
    ['--tls-min-v1.3', 'TLSv1.3'],
    ['--tls-cipher-list=TLS_AES_128_GCM_SHA256', 'TLSv1.3'],
    ['--tls-cipher-list=ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384', 'TLSv1.2'],
  ])('is served and verified according to %s', async (given, version) => {
    await using server = await startLockstep(secured(backend), withNode(given))
    expect(await tlsExchange(server.port)).toMatchObject({ version })
    const other = version === 'TLSv1.2' ? 'TLSv1.3' : 'TLSv1.2'
    const onlyOther = { minVersion: other, maxVersion: other } as const
    await expect(tlsExchange(server.port, onlyOther)).rejects.toThrow()
  })

  it.each([
    ['--tls-max-v1.2', ['--tls-max-version', 'TLSv1.3'], 'TLSv1.3'],
    ['--tls-min-v1.3', ['--tls-min-version', 'TLSv1.2', '--tls-max-version', 'TLSv1.2'], 'TLSv1.2'],
  ])('is verified as the options say, even if %s would limit the probe', async (given, more, version) => {
    await using server = await startLockstep(secured(backend, ...more), withNode(given))
    expect(await tlsExchange(server.port)).toMatchObject({ version })
  })
})

it('a version that would never be used is refused, with the option that overrides it', async () => {
  await failedLaunch(secured('single'), {
    env: { NODE_OPTIONS: '--tls-min-v1.0' },
    code: 'LOCKSTEP_ERR_OPTION_INVALID',
    says: ['Node: --tls-min-v1.0', '--tls-min-version'],
  })
})

it('TLS settings do not affect a server without TLS', async () => {
  await using server = await startLockstep(['run', app, '--port', '0'], withNode('--tls-min-v1.0'))
  expect(server.url).toMatch(/^http:/)
})

describe('a launch is refused', () => {
  it.each([
    ['--insecure-http-parser', ['NODE_OPTIONS', 'RFC 9112']],
    ['--insecure_http_parser', ['NODE_OPTIONS', 'RFC 9112']],
  ])('if NODE_OPTIONS has %s', async (given, says) => {
    await failedLaunch(['run', app, '--port', '0'], {
      env: { NODE_OPTIONS: given },
      code: 'LOCKSTEP_ERR_NODE_SETTING',
      says,
    })
  })

  it('if the app would accept any certificate', async () => {
    await failedLaunch(['run', app, '--port', '0'], {
      env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      code: 'LOCKSTEP_ERR_NODE_SETTING',
      says: ['NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_EXTRA_CA_CERTS'],
    })
  })

  it('if the environment file says so to the workers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-node-settings-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, '.env')
    writeFileSync(file, 'NODE_OPTIONS=--insecure-http-parser\nNODE_TLS_REJECT_UNAUTHORIZED=0\n', {
      mode: 0o600,
    })
    const { stderr } = await runLockstep(['check', app, '--backend', 'cluster', '--dotenv', file])
    expect(stderr).toContain('NODE_OPTIONS in the environment file')
    expect(stderr).toContain('NODE_TLS_REJECT_UNAUTHORIZED=0')
  })
})

it('an old release of Node causes a warning with the date of the fixes that it lacks', async () => {
  const older =
    "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'24.18.0'}})"
  await using server = await startLockstep(
    ['run', app, '--port', '0', '--log-format', 'pretty'],
    withNode(`--import "${older}"`),
  )
  await server.waitFor('Node 24.18.0 lacks the security fixes of 2026-07-29')
  await server.waitFor('24.18.1')
})
