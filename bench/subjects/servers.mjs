// Servers to measure, each in a process of its own: the launcher, and the least that Node itself can do for the same.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { issueCertificate } from '@lockstep/certs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const lockstep = here('../../packages/cli/bin/lockstep.js')

/** A folder with a pair in it, `cert.pem` and `key.pem`; `renew()` puts another pair in their place. */
export async function certificateFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'))
  const renew = async () => {
    const { chainPem, keyPem, fingerprint256 } = await issueCertificate({ hosts: ['localhost', '127.0.0.1'] })
    writeFileSync(join(folder, 'cert.pem'), chainPem)
    writeFileSync(join(folder, 'key.pem'), keyPem, { mode: 0o600 })
    return fingerprint256
  }
  await renew()
  return {
    folder,
    cert: join(folder, 'cert.pem'),
    key: join(folder, 'key.pem'),
    renew,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** `lockstep run` with the hello app. */
export async function startLockstep({ cert, key, folder }, flags) {
  const args = [
    lockstep,
    'run',
    here('../apps/hello.mjs'),
    '--port',
    '0',
    '--tls-cert',
    cert,
    '--tls-key',
    key,
  ]
  mkdirSync(join(folder, 'home'), { recursive: true })
  return started([...args, '--log-format', 'json', ...flags], {
    XDG_DATA_HOME: join(folder, 'home'),
    XDG_RUNTIME_DIR: join(folder, 'home'),
  })
}

/** `launch()`, which reloads on request. The control socket and the watch are off, so that only the benchmark acts. */
export function startHost({ cert, key }, options) {
  const { tls, ...rest } = options
  const all = {
    app: here('../apps/hello.mjs'),
    host: '127.0.0.1',
    port: 0,
    log: { level: 'error' },
    ...rest,
    tls: { cert, key, watch: false, ...tls },
  }
  return started([here('../apps/host.mjs'), JSON.stringify(all)], {})
}

/** `launch()` without TLS. */
export function startPlainHost(options) {
  const all = {
    app: here('../apps/hello.mjs'),
    host: '127.0.0.1',
    port: 0,
    log: { level: 'error' },
    ...options,
  }
  return started([here('../apps/host.mjs'), JSON.stringify(all)], {})
}

async function started(args, env) {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (type) => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error(`the server ended before it said "${type}"`)
      if (value.includes(`"type":"${type}"`)) return JSON.parse(value)
    }
  }
  const ready = await next('ready')
  return {
    ready,
    pid: child.pid,
    host: '127.0.0.1',
    port: ready.addresses[0].port,
    /** Of a host only. Resolves with what came of it. */
    async reload() {
      child.stdin.write('reload\n')
      return next('reloaded')
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}
