// The starts of one framework, and what was seen in each.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import { createAuthority, issueCertificate } from '@lockstep/certs'
import { pinnedNode } from '../pinned-node.mjs'
import { rootFolder } from '../workspace.mjs'
import {
  askLive,
  askPages,
  expectNoOtherPort,
  expectReplaced,
  reloadUnderLoad,
  stopInFlight,
} from './questions.mjs'
import { backends } from './read-frameworks.mjs'
import { startServer } from './start-server.mjs'

const lockstep = join(rootFolder, 'packages/cli/bin/lockstep.js')
const controlPort = join(import.meta.dirname, 'control-port.cjs')
const hosts = ['localhost', '127.0.0.1']
const run = promisify(execFile)

/** Runs the quick start in `folder` with `node`, then under each backend. Each answer is `served`, `not offered`, or `refused: …`, `failed: …`. */
export async function tryFramework(framework, folder) {
  const home = mkdtempSync(join(tmpdir(), 'frameworks-'))
  try {
    const site = { folder, home, pair: await makePair(home) }
    const withNode = await tryWithNode(framework, site)
    const answers = {}
    for (const backend of backends)
      answers[backend] = {
        ...(await tryPlain(framework, { ...site, backend })),
        ...(await tryTls(framework, { ...site, backend })),
      }
    return { withNode, ...answers }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

async function tryWithNode(framework, { folder }) {
  const { start, args = [], env, ownPorts = [], says } = framework
  const command = [pinnedNode(), '--require', controlPort, start, ...args]
  await using server = await startServer({
    command,
    cwd: folder,
    env: { ...env, OWN_PORTS: ownPorts.join(' ') },
    says,
  })
  if (server.end !== undefined) return ended(server, folder)
  return await judge(async () => {
    await askPages(server, framework)
    await askLive(server, framework)
  })
}

async function tryPlain(framework, site) {
  await using server = await startServer(lockstepStart(framework, site))
  if (server.end !== undefined) {
    const answer = ended(server, site.folder)
    return { http: answer, live: answer, stop: answer }
  }
  return {
    http: await judge(async () => {
      await askPages(server, framework)
      expectNoOtherPort(server, framework)
    }),
    live: await live(framework, () => askLive(server, framework)),
    stop: await judge(() => stopInFlight(server, framework)),
  }
}

async function tryTls(framework, site) {
  const { pair, home } = site
  // Without the watch, which may take the new certificate up before the command does: then nothing is left to reload under `single`.
  const flags = [
    '--tls-cert',
    pair.cert,
    '--tls-key',
    pair.key,
    '--no-tls-watch',
    '--tls-protocols',
    'h2,http/1.1',
  ]
  const start = lockstepStart(framework, site, flags)
  await using server = await startServer(start)
  if (server.end !== undefined) {
    const answer = ended(server, site.folder)
    return { tls: answer, h2: answer, liveTls: answer, reload: answer }
  }
  const ca = pair.ca
  return {
    tls: await judge(() => askPages(server, framework, { ca })),
    h2: await judge(() => askPages(server, framework, { ca, version: '2' })),
    liveTls: await live(framework, async () => {
      await askLive(server, framework, { ca })
      if (framework.events) await askLive(server, { events: framework.events }, { ca, version: '2' })
    }),
    reload: await judge(() => reloadWithNewPair(server, framework, { pair, start, home })),
  }
}

/** Under `single` a reload replaces the certificate, under `cluster` the workers too. */
async function reloadWithNewPair(server, framework, { pair, start, home }) {
  const workers = server.processes().filter((pid) => pid !== server.pid)
  const fingerprint = await pair.renew()
  const command = [lockstep, 'reload', '--pid', String(server.pid)]
  const reload = () => run(pinnedNode(), command, { env: { ...process.env, ...start.env }, cwd: home })
  await reloadUnderLoad(server, framework, { ca: pair.ca, reload })
  if ((await fingerprintAt(server.url)) !== fingerprint)
    throw new Error('reload: the old certificate is still served')
  await expectReplaced(workers)
}

function fingerprintAt({ hostname, port }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate().fingerprint256)
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

async function makePair(home) {
  const authority = await createAuthority({ commonName: 'frameworks' })
  const [cert, key] = [join(home, 'cert.pem'), join(home, 'key.pem')]
  /** Issues the pair again, in the same files. */
  const renew = async () => {
    const { chainPem, keyPem, fingerprint256 } = await issueCertificate({ authority, hosts })
    writeFileSync(key, keyPem, { mode: 0o600 })
    writeFileSync(cert, chainPem)
    return fingerprint256
  }
  await renew()
  return { cert, key, ca: authority.certPem, renew }
}

function lockstepStart(
  { start, args = [], env = {}, flags = [], says },
  { folder, home, backend },
  more = [],
) {
  const runtime = join(home, 'run')
  mkdirSync(runtime, { recursive: true, mode: 0o700 })
  const workers = backend === 'cluster' ? 2 : 1
  const size = workers > 1 ? ['--workers', String(workers)] : []
  const address = ['--host', '127.0.0.1', '--port', '0']
  const words = ['run', start, '--backend', backend, ...size, ...address, ...flags, ...more]
  return {
    command: [pinnedNode(), lockstep, ...words, ...(args.length > 0 ? ['--', ...args] : [])],
    cwd: folder,
    env: { XDG_RUNTIME_DIR: runtime, XDG_DATA_HOME: home, ...env },
    says,
    workers,
  }
}

async function live({ websocket, events }, action) {
  return websocket || events ? judge(action) : 'not offered'
}

async function judge(action) {
  try {
    await action()
    return 'served'
  } catch (error) {
    return `failed: ${error.message}`
  }
}

/** A start that ends with an error of the catalogue refuses; any other end is a failure. */
function ended({ end, output }, folder) {
  // An error is a paragraph of a few lines.
  const text = output.replaceAll(`${folder}/`, '').replaceAll(/\n {2}(?=\S)/g, ' ')
  const fault = text
    .split('\n')
    .find((line) => /\[LOCKSTEP_ERR_\w+\]/.test(line))
    ?.replace(/ docs\/errors\.md$/, '')
  if (fault && typeof end === 'number') return `refused: ${fault.replace(/^✗ /, '').trim()}`
  return `failed: exit ${end}: ${text.trim().split('\n').slice(-6).join(' ')}`
}
