import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { createAuthority } from '@lockstep/certs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Pair, pairFiles, write } from '../support/certificates.ts'
import { freePort } from '../support/failed-launch.ts'
import { type Started, startLockstep } from '../support/lockstep.ts'
import { run } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** An address of the documentation (RFC 5737), for a network that no one else is in. */
const networkAddress = '192.0.2.7'

let pair: Pair
let rootFile: string
let tls: readonly string[]

beforeAll(async () => {
  const root = await createAuthority({ commonName: 'a root' })
  const issuer = await createAuthority({ commonName: 'an intermediate', issuer: root })
  pair = await pairFiles({
    authority: issuer,
    commonName: 'a leaf',
    hosts: ['localhost', '127.0.0.1', '::1', networkAddress],
  })
  rootFile = write(temporaryFolder(), 'root.pem', root.certPem)
  tls = ['--cert', pair.cert, '--key', pair.key]
})

const hello = ['run', 'apps/hello.js'] as const
const backends = [
  { backend: 'single', args: ['--backend', 'single'] },
  { backend: 'cluster', args: ['--backend', 'cluster', '--workers', '2'] },
] as const

/** What a client reports about a connection. */
interface Facts {
  readonly version: string | undefined
  readonly cipher: string | undefined
  readonly fingerprint256: string | undefined
}

/** The rows of a banner, by their labels. */
function rows(server: Started): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [, label = '', text = ''] of server.stdout().matchAll(/^ {2}➜ (.+?): +(.+)$/gm))
    found.set(label, [...(found.get(label) ?? []), text])
  return found
}

function bannerFacts(server: Started): Facts {
  const [version, cipher] = rows(server).get('TLS')?.[0]?.split(', ') ?? []
  return { version, cipher, fingerprint256: rows(server).get('SHA-256')?.[0] }
}

/** Uses curl, which trusts only the test's root. It also prints what it saw: `200 0 1.1`. */
async function curl(url: string, args: readonly string[] = []) {
  const format = String.raw`\n%{http_code} %{ssl_verify_result} %{http_version}`
  const ran = await run('curl', [
    '-sSv',
    '--max-time',
    '10',
    '--cacert',
    rootFile,
    '-w',
    format,
    ...args,
    url,
  ])
  const [body = '', summary = ''] = ran.stdout.split('\n').filter((line) => line !== '')
  const [, version, cipher] = /SSL connection using (\S+) \/ (\S+)/.exec(ran.stderr) ?? []
  return { ...ran, body, summary, version, cipher }
}

async function opensslFacts(port: number): Promise<Facts & { verified: boolean; sent: number }> {
  const { stdout } = await run('openssl', [
    ...['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost'],
    ...['-CAfile', rootFile, '-showcerts'],
  ])
  const [, version, cipher] = /^New, (\S+), Cipher is (\S+)$/m.exec(stdout) ?? []
  const fingerprint = await run('openssl', ['x509', '-noout', '-fingerprint', '-sha256'], stdout)
  return {
    version,
    cipher,
    fingerprint256: /Fingerprint=([0-9A-F:]+)/i.exec(fingerprint.stdout)?.[1],
    verified: stdout.includes('Verify return code: 0 (ok)'),
    sent: stdout.split('-----BEGIN CERTIFICATE-----').length - 1,
  }
}

async function nodeFacts(port: number): Promise<Facts> {
  const socket = connect({
    ...{ host: '127.0.0.1', port, servername: 'localhost' },
    ca: readFileSync(rootFile),
  })
  await once(socket, 'secureConnect', { signal: AbortSignal.timeout(10_000) })
  const facts = {
    version: socket.getProtocol() ?? undefined,
    cipher: socket.getCipher().name,
    fingerprint256: socket.getPeerX509Certificate()?.fingerprint256,
  }
  socket.destroy()
  return facts
}

describe.each(backends)('over TLS under $backend', ({ args }) => {
  it.each([
    { versions: 'TLS 1.3', more: [], expected: /^TLSv1\.3$/ },
    { versions: 'TLS 1.2', more: ['--tls-max-version', 'TLSv1.2'], expected: /^TLSv1\.2$/ },
  ])('curl, openssl and Node see what the banner says: $versions', async ({ more, expected }) => {
    await using server = await startLockstep([...hello, ...args, '--port', '0', ...tls, ...more])
    const facts = bannerFacts(server)
    expect(facts).toEqual({
      version: expect.stringMatching(expected),
      cipher: expect.stringMatching(/^(TLS_AES|ECDHE-ECDSA)/),
      fingerprint256: pair.fingerprint256,
    })
    expect(server.url).toBe(`https://127.0.0.1:${server.port}/`)
    expect(rows(server).get('Local')).toEqual([server.url])
    expect(rows(server).get('Cert')).toEqual([
      expect.stringMatching(/^CN=a leaf \(by CN=an intermediate\), expires \d{4}-/),
    ])
    expect(rows(server).get('Verified')).toEqual([
      expect.stringMatching(String.raw`^on the wire, \d+ checks on 127\.0\.0\.1:${server.port}$`),
    ])

    const { version, cipher, body, summary } = await curl(server.url)
    expect(body).toMatch(/^hello from \d+$/)
    expect(summary).toBe('200 0 1.1')
    expect({ version, cipher }).toEqual({ version: facts.version, cipher: facts.cipher })
    // The leaf and its intermediate are sent, so a client that only knows the root can verify them.
    expect(await opensslFacts(server.port)).toEqual({ ...facts, verified: true, sent: 2 })
    expect(await nodeFacts(server.port)).toEqual(facts)
  })

  it('a plain HTTP client gets a hint to use HTTPS, and a client without the root gets no answer', async () => {
    await using server = await startLockstep([...hello, ...args, '--port', '0', ...tls])
    const plain = await curl(`http://127.0.0.1:${server.port}/`)
    expect(plain.summary).toMatch(/^400 /)
    expect(plain.stdout).toContain('This port speaks HTTPS')
    expect(plain.stdout).not.toContain('hello')
    const stranger = await run('curl', ['-sS', server.url])
    expect(stranger).toMatchObject({ code: 60, stdout: '' })
  })

  it('standard output is one line of JSON with the facts of the banner if the log is JSON', async () => {
    await using server = await startLockstep([
      ...[...hello, ...args, '--port', '0', ...tls],
      ...['--log-format', 'json', '--name', 'shop'],
    ])
    const seen = await opensslFacts(server.port)
    expect((await curl(server.url)).summary).toBe('200 0 1.1')
    server.signal('SIGTERM')
    const { stdout } = await server.finished()
    expect(stdout.split('\n')).toEqual([expect.stringMatching(/^\{.*\}$/), ''])
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'ready',
      name: 'shop',
      pid: server.pid,
      urls: [`https://127.0.0.1:${server.port}/`],
      addresses: [{ kind: 'tcp', host: '127.0.0.1', port: server.port }],
      backend: args[1],
      certificate: { subject: 'CN=a leaf', fingerprint256: pair.fingerprint256, selfSigned: false },
      verification: {
        endpoints: [
          {
            connectedTo: `127.0.0.1:${server.port}`,
            scheme: 'https',
            tls: { version: seen.version, cipher: seen.cipher, fingerprint256: seen.fingerprint256 },
          },
        ],
      },
    })
  })

  it('--no-verify serves, but the banner says that nothing was measured', async () => {
    await using server = await startLockstep([...hello, ...args, '--port', '0', ...tls, '--no-verify'])
    expect(rows(server).get('Verified')).toEqual([expect.stringMatching(/^no: .*nothing .* was measured$/)])
    expect(rows(server).has('TLS')).toBe(false)
    expect((await curl(server.url)).summary).toBe('200 0 1.1')
    expect(await opensslFacts(server.port)).toMatchObject({
      verified: true,
      fingerprint256: rows(server).get('SHA-256')?.[0],
    })
  })

  it('each of several addresses is announced, verified and served', async () => {
    const path = join(temporaryFolder(), 'app.sock')
    await using server = await startLockstep([
      ...[...hello, ...args, ...tls],
      ...['--bind', '127.0.0.1:0', '--bind', '[::1]:0', '--bind', `unix:${path}`],
    ])
    const [four = '', six = '', ...others] = rows(server).get('Local') ?? []
    expect([four, six, ...others]).toEqual([
      expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+\/$/),
      expect.stringMatching(/^https:\/\/\[::1\]:\d+\/$/),
    ])
    expect(rows(server).get('Socket')).toEqual([path])
    const targets = [new URL(four).host, new URL(six).host, `unix:${path}`]
    expect(rows(server).get('Verified')?.[0]).toMatch(
      new RegExp(`checks on ${literally(targets.join(', '))}$`),
    )
    const answers = [
      await curl(four),
      await curl(six),
      await curl('https://localhost/', ['--unix-socket', path]),
    ]
    expect(answers.map(({ summary }) => summary)).toEqual(Array(3).fill('200 0 1.1'))
  })

  it('a UNIX domain socket without TLS is served, and removed after the stop', async () => {
    const path = join(temporaryFolder(), 'plain.sock')
    await using server = await startLockstep([...hello, ...args, '--bind', `unix:${path}`])
    expect(rows(server).get('Socket')).toEqual([path])
    expect(rows(server).has('Local')).toBe(false)
    expect(await curl('http://localhost/', ['--unix-socket', path])).toMatchObject({ summary: '200 0 1.1' })
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(existsSync(path)).toBe(false)
  })

  it('the name is in the banner, in the log and in the process list', async () => {
    await using server = await startLockstep([...hello, ...args, '--port', '0', '--name', 'shop'])
    expect(server.stdout()).toMatch(/^ {2}lockstep \d+\.\d+\.\d+ shop {2}/m)
    expect(server.processes().map(title).sort()).toEqual(
      args[1] === 'single' ? ['shop'] : ['shop: primary', 'shop: worker 1', 'shop: worker 2'],
    )
    server.signal('SIGTERM')
    const { stderr } = await server.finished()
    expect(JSON.parse(stderr.split('\n')[0] ?? '')).toMatchObject({ name: 'shop' })
  })
})

describe('the address of the banner', () => {
  it('comes from PORT and HOST, and is reachable there', async () => {
    const port = await freePort()
    await using server = await startLockstep([...hello, ...tls], {
      env: { PORT: String(port), HOST: '::1' },
    })
    expect(rows(server).get('Local')).toEqual([`https://[::1]:${port}/`])
    expect((await curl(server.url)).summary).toBe('200 0 1.1')
  })

  it.skipIf(!networkNamespaces())(
    'lists the local address and one per network when every interface is bound (skipped without network namespaces)',
    async () => {
      await using server = await startLockstep([...hello, ...tls, '--bind', ':0'], { through: inOwnNetwork })
      const port = new URL(rows(server).get('Local')?.[0] ?? '').port
      expect(rows(server).get('Local')).toEqual([`https://localhost:${port}/`])
      expect(rows(server).get('Network')).toEqual([`https://${networkAddress}:${port}/`])
      const enter = ['-U', '--preserve-credentials', '-n', '-t', String(server.pid), 'curl']
      for (const url of [`https://localhost:${port}/`, `https://${networkAddress}:${port}/`])
        expect(await run('nsenter', [...enter, '-sS', '--cacert', rootFile, url])).toMatchObject({
          code: 0,
          stdout: `hello from ${server.pid}\n`,
        })
    },
  )
})

/** Runs the command in its own network namespace, so that nothing is bound where others could reach it. */
const inOwnNetwork = [
  ...['unshare', '-r', '-n', 'sh', '-ec'],
  `ip link set lo up; ip link add net0 type bridge; ip addr add ${networkAddress}/24 dev net0; ip link set net0 up; exec "$@"`,
  'sh',
]

function networkNamespaces(): boolean {
  const [program = '', ...args] = inOwnNetwork
  return spawnSync(program, [...args, 'true']).status === 0
}

/** As the process list shows it, by proc(5). */
function title(pid: number): string {
  return (readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '').trim()
}

/** Escapes text for a regular expression. */
function literally(text: string): string {
  return text.replaceAll(/[.[\]]/g, String.raw`\$&`)
}
