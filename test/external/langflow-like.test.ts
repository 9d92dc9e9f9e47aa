import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { peer } from '../../scripts/peers/peers.mjs'
import { pairFiles, write } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { runLockstep, type StartOptions, startLockstep } from '../support/lockstep.ts'
import { missingPeers } from '../support/missing-peers.ts'
import { openssl } from '../support/openssl.ts'
import { run } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { encoded } from '../support/text-encodings.ts'

const without = missingPeers('gunicorn', 'uvicorn')

const script = fileURLToPath(new URL('../../examples/langflow-like/cli.js', import.meta.url))

/** The example, as in a shell in which the environment of Gunicorn and Uvicorn is active, and in an empty folder. */
const example = (options: StartOptions = {}): StartOptions => ({
  script,
  cwd: temporaryFolder(),
  deadlineMs: 40_000,
  ...options,
  env: { PATH: `${dirname(peer('gunicorn'))}:${process.env['PATH']}`, ...options.env },
})

/** `pair` is shared: no test changes it. */
const pair = await pairFiles()

interface Planned {
  readonly text: string
  readonly verdict: string
  readonly source: string
}

/** The options with their values and sources, as the example plans them. Fails if it refuses something. */
async function planned(
  words: readonly string[],
  options: StartOptions = {},
): Promise<Readonly<Record<string, Planned>>> {
  const { code, stdout, stderr } = await runLockstep(['plan', '--json', ...words], example(options))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { options: rows } = JSON.parse(stdout) as { options: readonly (Planned & { name: string })[] }
  return Object.fromEntries(rows.map(({ name, ...row }) => [name, row]))
}

const tlsFlags = ['--ssl-cert-file-path', pair.cert, '--ssl-key-file-path', pair.key]
const tlsVariables = { LANGFLOW_SSL_CERT_FILE: pair.cert, LANGFLOW_SSL_KEY_FILE: pair.key }

/** `shown` is the value in the plan, where it is written in another way. */
const honoured: readonly (readonly [
  flag: string,
  variable: string,
  value: string,
  option: string,
  shown?: string,
])[] = [
  ['--host', 'LANGFLOW_HOST', '127.0.0.2', 'host'],
  ['--port', 'LANGFLOW_PORT', '7861', 'port'],
  ['--workers', 'LANGFLOW_WORKERS', '3', 'workers'],
  ['--worker-timeout', 'LANGFLOW_WORKER_TIMEOUT', '300', 'timeouts.hang', '5m'],
  ['--log-level', 'LANGFLOW_LOG_LEVEL', 'critical', 'log.level', 'error'],
  ['--ssl-cert-file-path', 'LANGFLOW_SSL_CERT_FILE', pair.cert, 'tls.cert'],
  ['--ssl-key-file-path', 'LANGFLOW_SSL_KEY_FILE', pair.key, 'tls.key'],
]

/** All other flags of `langflow run`, and their variables. `--env-file` is read by Node too, so its file must be there. */
const refused: readonly (readonly [flag: string, value?: string])[] = [
  ['--components-path', 'components'],
  ['--env-file', '/dev/null'],
  ['--log-file', 'langflow.log'],
  ['--log-rotation', '1 day'],
  ['--cache', 'InMemoryCache'],
  ['--dev'],
  ['--frontend-path', 'frontend'],
  ['--open-browser'],
  ['--remove-api-keys'],
  ['--backend-only'],
  ['--store'],
  ['--auto-saving'],
  ['--auto-saving-interval', '1000'],
  ['--health-check-max-retries', '5'],
  ['--max-file-size-upload', '100'],
  ['--webhook-polling-interval', '5000'],
]
const variableOf = (flag: string): string => `LANGFLOW_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`

describe.skipIf(process.platform === 'win32' || without !== '')(
  'the example with the settings of langflow run',
  {
    timeout: 60_000,
  },
  () => {
    it.each(['flags', 'variables'])('honours the %s of TLS, binding, processes and logs', async (what) => {
      const found =
        what === 'flags'
          ? await planned(honoured.flatMap(([flag, , value]) => [flag, value]))
          : await planned([], {
              env: Object.fromEntries(honoured.map(([, variable, value]) => [variable, value])),
            })
      for (const [flag, variable, value, option, shown = value] of honoured)
        expect(found[option]).toMatchObject({
          text: shown,
          source: what === 'flags' ? flag : variable,
          verdict: 'honoured',
        })
    })

    it.each(['flags', 'variables'])('refuses all other %s, each with its reason', async (what) => {
      const variables = refused
        .filter(([flag]) => flag !== '--env-file')
        .map(([flag, value = 'true']): [string, string] => [variableOf(flag), value])
      const { code, stdout, stderr } =
        what === 'flags'
          ? await runLockstep(
              ['run', ...refused.flatMap(([flag, value]) => (value === undefined ? flag : [flag, value]))],
              example(),
            )
          : await runLockstep(['run'], example({ env: Object.fromEntries(variables) }))
      const names = what === 'flags' ? refused.map(([flag]) => flag) : variables.map(([variable]) => variable)
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
      const reasons = names.map(
        (name) => stderr.match(new RegExp(`^✗ ${name} can't be honoured: .+$`, 'm'))?.[0],
      )
      expect(reasons).not.toContain(undefined)
      expect(stderr.match(/^✗/gm)).toHaveLength(names.length)
    })

    it('takes a variable that asks for nothing, and leaves those of the app alone', async () => {
      const env = {
        LANGFLOW_OPEN_BROWSER: 'False',
        LANGFLOW_DEV: 'false',
        LANGFLOW_DATABASE_URL: 'sqlite:///x',
      }
      expect(await planned([], { env })).toMatchObject({ port: { value: 7860 } })
    })

    it('listens on port 7860 unless it is asked for another one', async () => {
      expect((await planned([]))['port']).toMatchObject({ value: 7860, source: 'port in langflow-like' })
    })

    it.each(['UTF-8', 'UTF-16LE with a mark'] as const)(
      'reads .env in %s, as PowerShell writes it too',
      async (encoding) => {
        const cwd = temporaryFolder()
        const lines = [...Object.entries(tlsVariables), ['LANGFLOW_PORT', '7862']].map(
          ([name, value]) => `${name}="${value}"`,
        )
        write(cwd, '.env', encoded(`${lines.join('\r\n')}\r\n`, encoding))
        const options = await planned([], { cwd })
        expect(options['port']).toMatchObject({ value: 7862, source: 'LANGFLOW_PORT in .env' })
        expect(options['tls.cert']).toMatchObject({
          text: pair.cert,
          source: 'LANGFLOW_SSL_CERT_FILE in .env',
        })
      },
    )

    it('refuses a certificate without its key, where langflow run serves plain HTTP', async () => {
      const { code, stderr } = await runLockstep(['run', ...tlsFlags.slice(0, 2)], example())
      expect(code).not.toBe(0)
      expect(stderr).toContain('LOCKSTEP_ERR_TLS_CERT_WITHOUT_KEY')
    })
  },
)

/** Langflow runs under Gunicorn on Linux and macOS, and under Uvicorn on Windows. */
describe.skipIf(process.platform === 'win32' || without !== '').each(['gunicorn', 'uvicorn'])(
  'the example under %s',
  {
    timeout: 60_000,
  },
  (backend) => {
    const start = () =>
      startLockstep(
        ['run', '--port', '0', ...(backend === 'uvicorn' ? ['--backend', backend] : [])],
        example({ env: tlsVariables }),
      )

    it('answers its health route, runs a flow as events and speaks WebSocket, over verified TLS', async () => {
      await using server = await start()
      const asked = { ca: pair.certPem }
      expect(server.stdout()).toContain(backend)
      const health = await exchange(server.url, { ...asked, path: '/health' })
      expect(health).toMatchObject({ status: 200, body: '{"status": "ok"}' })
      expect((await exchange(server.url, asked)).body).toContain('"scheme": "https"')

      const { contentType, chunks } = await runFlow(server.url, 'one two three four five six')
      expect(contentType).toBe('text/event-stream')
      const events = chunks
        .join('')
        .trim()
        .split('\n\n')
        .map((line) => JSON.parse(line.replace(/^data: /, '')) as unknown)
      expect(events).toHaveLength(7)
      expect(events.at(-1)).toEqual({ event: 'end', data: { flow: 'my-flow' } })
      // The first event comes before the flow has ended.
      expect(chunks[0]).not.toContain('"end"')

      const socket = new WebSocket(server.url.replace('https', 'wss'), asked)
      await once(socket, 'open')
      socket.send('grüße')
      expect(String((await once(socket, 'message'))[0])).toBe('you said grüße')
      socket.close()
      await once(socket, 'close')

      server.signal('SIGTERM')
      expect(await server.finished()).toMatchObject({ code: 0, signal: null })
      expect(server.processes()).toEqual([])
    })
  },
)

describe.skipIf(process.platform === 'win32' || without !== '')(
  "Langflow's own troubleshooting lines",
  { timeout: 60_000 },
  () => {
    it('answer as its documentation says', async () => {
      await using server = await startLockstep(['run', '--port', '0', ...tlsFlags], example())
      const url = `https://localhost:${server.port}/health`
      expect(await run('curl', ['-k', url])).toMatchObject({ code: 0, stdout: '{"status": "ok"}' })
      expect(await run('curl', ['--cacert', pair.cert, url])).toMatchObject({
        code: 0,
        stdout: '{"status": "ok"}',
      })
      expect(await openssl('x509', '-in', pair.cert, '-text', '-noout')).toMatch(
        /Subject Alternative Name:[\s\S]*DNS:localhost/,
      )
      // The port doesn't speak plain HTTP beside it.
      expect((await run('curl', ['-s', url.replace('https', 'http')])).stdout).not.toContain('ok')
    })
  },
)

async function runFlow(
  url: string,
  input: string,
): Promise<{ contentType: string | undefined; chunks: string[] }> {
  const request = https.request(new URL('api/v1/run/my-flow?stream=true', url), {
    method: 'POST',
    ca: pair.certPem,
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(15_000),
  })
  request.end(JSON.stringify({ input_value: input }))
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const chunks: string[] = []
  for await (const chunk of response.setEncoding('utf8')) chunks.push(chunk as string)
  return { contentType: response.headers['content-type'], chunks }
}
