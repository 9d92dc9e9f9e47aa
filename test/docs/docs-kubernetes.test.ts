import { once } from 'node:events'
import { chmodSync, chownSync, copyFileSync, readdirSync } from 'node:fs'
import https from 'node:https'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { pairFiles } from '../support/certificates.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { readBlocks, readText } from './pages/read-page.ts'

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string; readonly scheme: string }
  readonly periodSeconds: number
  readonly failureThreshold: number
}

interface Container {
  readonly command: readonly string[]
  readonly args: readonly string[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly startupProbe: Probe
  readonly readinessProbe: Probe
  readonly livenessProbe: Probe
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly terminationGracePeriodSeconds: number
        readonly containers: readonly [Container]
        readonly volumes: readonly {
          readonly name: string
          readonly secret: { readonly defaultMode: number }
        }[]
        readonly securityContext: { readonly runAsUser: number }
      }
    }
  }
}

const page = readText('docs/kubernetes.md')
const [manifest] = readBlocks('docs/kubernetes.md')
const [deployment] = parseAllDocuments(manifest?.text ?? '').map((document) => {
  expect(document.errors).toEqual([])
  // Kubernetes reads YAML 1.1, where a number with a leading zero is octal.
  return document.toJS() as Deployment
})
if (!deployment) throw new Error('there is no Deployment in docs/kubernetes.md')
const pod = deployment.spec.template.spec
const [container] = pod.containers

/** The folder of a container, with the app and the Secret. Only root can write to it. */
async function containerFolder(): Promise<{ cwd: string; args: readonly string[] }> {
  const cwd = temporaryFolder()
  const { cert, key } = await pairFiles({}, cwd)
  copyFileSync(join(fixtures, 'apps/hello.js'), join(cwd, 'app.js'))
  chmodSync(cwd, 0o755)
  chmodSync(cert, 0o444)
  chmodSync(key, 0o440)
  if (process.getuid?.() === 0) chownSync(key, 0, pod.securityContext.runAsUser)
  else chmodSync(key, 0o400)
  const args = [...container.command.slice(1), ...container.args].map((arg) =>
    arg.replace('/etc/tls/tls.crt', cert).replace('/etc/tls/tls.key', key),
  )
  return { cwd, args }
}

interface PlannedOption {
  readonly name: string
  readonly text: string
  readonly honoured: boolean
  readonly setBy: string
}

/** The output of `lockstep plan` for the container's command line. */
async function planned(): Promise<ReadonlyMap<string, PlannedOption>> {
  const { cwd, args } = await containerFolder()
  const { code, stdout, stderr } = await runLockstep(['plan', ...args.slice(1), '--json'], { cwd })
  expect([code, stderr]).toEqual([0, ''])
  const { options } = JSON.parse(stdout) as { options: readonly PlannedOption[] }
  return new Map(options.map((option) => [option.name, option]))
}

function ask(port: number, path: string): Promise<{ status: number; body: string }> {
  const asked = https.get({ host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false })
  asked.setTimeout(5_000, () => asked.destroy(new Error('no answer within 5 s')))
  return once(asked, 'response').then(async ([response]) => {
    let body = ''
    for await (const piece of response.setEncoding('utf8')) body += String(piece)
    return { status: Number(response.statusCode), body }
  })
}

describe('docs/kubernetes.md', () => {
  it('sets only honoured options, and each flag has an effect', async () => {
    const options = [...(await planned()).values()]
    const set = options.filter(({ setBy }) => setBy === 'argv')
    // The app is the only option without a flag.
    expect(set.length).toBe(container.args.length + 1)
    expect(set.filter(({ honoured }) => !honoured)).toEqual([])
  })

  it('allows enough time for a pod to stop and for its probes', async () => {
    const options = await planned()
    const ms = (name: string): number => durationMs(options.get(name)?.text)
    const patienceMs = ({ periodSeconds, failureThreshold }: Probe): number =>
      periodSeconds * failureThreshold * 1_000
    expect(pod.terminationGracePeriodSeconds * 1_000).toBe(
      ms('timeouts.drainDelay') + ms('timeouts.graceful') + 5_000,
    )
    expect(patienceMs(container.startupProbe)).toBeGreaterThanOrEqual(ms('timeouts.boot'))
    expect(patienceMs(container.livenessProbe)).toBeGreaterThan(ms('timeouts.hang'))
  })

  it('probes the served paths and port', async () => {
    const options = await planned()
    const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe]
    expect(probes.map(({ httpGet }) => httpGet.path)).toEqual([
      options.get('health.ready')?.text,
      options.get('health.ready')?.text,
      options.get('health.live')?.text,
    ])
    for (const { httpGet } of probes) expect([httpGet.port, httpGet.scheme]).toEqual(['https', 'HTTPS'])
    expect(container.ports).toEqual([{ name: 'https', containerPort: Number(options.get('port')?.text) }])
  })

  it('mentions only flags that exist', async () => {
    const flags = [...new Set(page.match(/--[a-z][a-z-]+/g))]
    const { stdout } = await runLockstep(['--help'])
    expect(flags.filter((flag) => !stdout.includes(flag.replace('--no-', '--')))).toEqual([])
  })

  it('has a command that answers its probes, fails readiness at SIGTERM, keeps serving and exits with 0', async () => {
    const { cwd, args } = await containerFolder()
    const uid = process.getuid?.() === 0 ? { uid: pod.securityContext.runAsUser } : {}
    const before = readdirSync(cwd)
    const short = withFlags(args, { '--port': '0', '--drain-delay': '1500ms' })
    await using server = await startLockstep(short, { cwd, ...uid, deadlineMs: 30_000 })
    const { path } = container.readinessProbe.httpGet
    const livePath = container.livenessProbe.httpGet.path
    expect(await ask(server.port, path)).toEqual({ status: 200, body: 'ready\n' })
    expect((await ask(server.port, livePath)).status).toBe(200)
    server.signal('SIGTERM')
    await expect.poll(async () => (await ask(server.port, path)).status).toBe(503)
    expect((await ask(server.port, livePath)).status).toBe(200)
    expect((await ask(server.port, '/')).body).toMatch(/^hello from/)
    const { code } = await server.finished()
    expect(code).toBe(0)
    expect(readdirSync(cwd)).toEqual(before)
  })
})

/** Returns the arguments with other values for these flags. Each flag must be present. */
function withFlags(args: readonly string[], values: Readonly<Record<string, string>>): string[] {
  const changed = [...args]
  for (const [flag, value] of Object.entries(values)) {
    const at = changed.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`))
    if (at < 0) throw new Error(`${flag} is not among ${args.join(' ')}`)
    changed.splice(at, changed[at] === flag ? 2 : 1, `${flag}=${value}`)
  }
  return changed
}

function durationMs(given: unknown): number {
  const [, amount = '', unit = ''] = /^(\d+)(ms|s|m)$/.exec(String(given)) ?? []
  return Number(amount) * ({ ms: 1, s: 1_000, m: 60_000 }[unit] ?? Number.NaN)
}
