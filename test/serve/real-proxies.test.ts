// Real proxies in front: what they send must be what Lockstep reads.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { request as ask } from 'node:http'
import { request as askTls } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { type LockstepConfig, launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { type PeerName, peer, peerProblem } from '../../scripts/peers/peers.mjs'
import { pairFiles, write } from '../support/certificates.ts'
import { freePort } from '../support/failed-launch.ts'
import { fixtures } from '../support/lockstep.ts'
import { runsEverything } from '../support/runs-everything.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

/** Debian's package libnginx-mod-stream. nginx passes TCP on only with it. */
const streamModule = '/usr/lib/nginx/modules/ngx_stream_module.so'

/** Without them, these tests are left out, except where everything must run. */
function isMissing(...names: PeerName[]): boolean {
  return !runsEverything && names.some((name) => peerProblem(name) !== null)
}

/** Not that of the proxy: on Linux, all of 127.0.0.0/8 is this machine. */
const clientAddress = '127.0.0.2'

async function launchClients(options: LockstepConfig): Promise<{ port: number } & AsyncDisposable> {
  const server = await launch(
    { app: join(fixtures, 'clients/express.js'), port: 0, workers: 1, log: { level: 'silent' }, ...options },
    { config: false, envFile: false, environment: false },
  )
  return {
    port: Number(new URL(server.url ?? '').port),
    [Symbol.asyncDispose]: () => server.stop({ force: true }),
  }
}

/** Runs a proxy in the foreground until it is disposed of, and resolves once it listens. */
async function startProxy(
  name: 'nginx' | 'haproxy',
  config: (port: number) => string,
): Promise<{ port: number } & AsyncDisposable> {
  const port = await freePort()
  const folder = temporaryFolder()
  const file = write(folder, `${name}.cfg`, config(port))
  const args = name === 'nginx' ? ['-p', folder, '-c', file, '-e', 'stderr'] : ['-db', '-f', file]
  const child = spawn(peer(name), args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += String(text)
  })
  const ended = once(child, 'exit')
  await waitUntil(
    async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended: ${said}`)
      const socket = connect({ port, host: '127.0.0.1' })
      return once(socket, 'connect')
        .then(
          () => true,
          () => false,
        )
        .finally(() => socket.destroy())
    },
    { what: `${name} to listen` },
  )
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** What the app says of a client that connects to the proxy, and claims to be another one. */
async function seenThrough(port: number, { isSecure = false } = {}): Promise<unknown> {
  const options = {
    host: '127.0.0.1',
    port,
    localAddress: clientAddress,
    agent: false,
    headers: { Host: 'shop.example', 'X-Forwarded-For': '198.51.100.66', 'X-Forwarded-Host': 'evil.example' },
  }
  const asked = (isSecure ? askTls({ ...options, rejectUnauthorized: false }) : ask(options)).end()
  const [response] = (await once(asked, 'response', { signal: AbortSignal.timeout(10_000) })) as [
    NodeJS.ReadableStream,
  ]
  return json(response)
}

const nginxFrame = (rest: string): string => `
daemon off;
master_process off;
pid nginx.pid;
${rest}
`

const nginxTemporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  .map((name) => `${name}_temp_path tmp;`)
  .join(' ')

const haproxyFrame = (rest: string): string => `
defaults
  timeout connect 5s
  timeout client 10s
  timeout server 10s
${rest}
`

describe.skipIf(process.platform !== 'linux')('a server behind a real proxy', () => {
  it.skipIf(isMissing('nginx'))(
    'reads the header fields of nginx as docs/behind-a-proxy.md sets them',
    async () => {
      await using server = await launchClients({ proxy: { trusted: '127.0.0.1' } })
      await using proxy = await startProxy('nginx', (port) =>
        nginxFrame(`events {} http { access_log off; ${nginxTemporary} server { listen 127.0.0.1:${port}; location / {
        proxy_pass http://127.0.0.1:${server.port};
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-Host $http_host;
      } } }`),
      )
      expect(await seenThrough(proxy.port)).toEqual({
        express: { ip: clientAddress, protocol: 'http', hostname: 'shop.example' },
        lockstep: {
          address: clientAddress,
          port: null,
          scheme: 'http',
          host: 'shop.example',
          isForwarded: true,
        },
      })
    },
  )

  it.skipIf(isMissing('haproxy'))('reads the header fields of HAProxy, which ends TLS', async () => {
    const { certPem, keyPem } = await pairFiles()
    const pem = write(temporaryFolder(), 'pair.pem', `${certPem}${keyPem}`)
    await using server = await launchClients({ proxy: { trusted: '127.0.0.1' } })
    await using proxy = await startProxy('haproxy', (port) =>
      haproxyFrame(`
frontend web
  mode http
  bind 127.0.0.1:${port} ssl crt ${pem}
  option forwardfor
  http-request set-header X-Forwarded-Proto https if { ssl_fc }
  http-request set-header X-Forwarded-Host %[req.hdr(Host)]
  default_backend app
backend app
  mode http
  server app 127.0.0.1:${server.port}
`),
    )
    expect(await seenThrough(proxy.port, { isSecure: true })).toEqual({
      express: { ip: clientAddress, protocol: 'https', hostname: 'shop.example' },
      lockstep: {
        address: clientAddress,
        port: null,
        scheme: 'https',
        host: 'shop.example',
        isForwarded: true,
      },
    })
  })

  it.skipIf(isMissing('haproxy')).each([
    ['version 1', 'send-proxy'],
    ['version 2', 'send-proxy-v2'],
    ['version 2 with TLVs and a checksum', 'send-proxy-v2 proxy-v2-options crc32c,unique-id'],
  ])('takes the PROXY protocol of HAProxy before TLS, with its health checks: %s', async (_, send) => {
    const { cert, key } = await pairFiles()
    await using server = await launchClients({
      tls: { cert, key },
      proxy: { trusted: '127.0.0.1', protocol: 'require' },
    })
    await using proxy = await startProxy('haproxy', (port) =>
      haproxyFrame(`
frontend tcp
  mode tcp
  bind 127.0.0.1:${port}
  unique-id-format %[uuid()]
  default_backend app
backend app
  mode tcp
  option httpchk
  server app 127.0.0.1:${server.port} ${send} check check-send-proxy check-ssl verify none inter 200ms rise 1 fall 3
`),
    )
    // A server that fails three health checks in a row gets no connection: this is after several of them. One may be late on a busy machine.
    for (const end = performance.now() + 1_500; performance.now() < end; ) {
      const seen = (await seenThrough(proxy.port, { isSecure: true })) as { lockstep: { port: number } }
      expect(seen).toEqual({
        express: { ip: '127.0.0.2', protocol: 'https', hostname: 'shop.example' },
        lockstep: {
          address: clientAddress,
          port: seen.lockstep.port,
          scheme: 'https',
          host: 'shop.example',
          isForwarded: false,
        },
      })
    }
  })

  it.skipIf(!runsEverything && (isMissing('nginx') || !existsSync(streamModule)))(
    'takes the PROXY protocol of nginx before TLS',
    async () => {
      if (!existsSync(streamModule))
        throw new Error(`${streamModule} is missing: install libnginx-mod-stream`)
      const { cert, key } = await pairFiles()
      await using server = await launchClients({
        tls: { cert, key },
        proxy: { trusted: '127.0.0.1', protocol: 'require' },
      })
      await using proxy = await startProxy('nginx', (port) =>
        nginxFrame(`load_module ${streamModule}; events {} stream { server {
          listen 127.0.0.1:${port}; proxy_pass 127.0.0.1:${server.port}; proxy_protocol on;
        } }`),
      )
      expect(await seenThrough(proxy.port, { isSecure: true })).toMatchObject({
        lockstep: { address: clientAddress, scheme: 'https', host: 'shop.example', isForwarded: false },
      })
    },
  )
})
