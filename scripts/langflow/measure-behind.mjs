import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { runStep } from '../peers/run-step.mjs'
import { pinnedNode } from '../pinned-node.mjs'
import { rootFolder } from '../workspace.mjs'
import { ask } from './ask.mjs'
import { freePort } from './free-port.mjs'
import { runFlow } from './run-flow.mjs'
import { startServer } from './start-server.mjs'

const lockstep = join(rootFolder, 'packages/cli/bin/lockstep.js')

/** Runs Langflow behind `lockstep exec`: a verified request, a flow, a renewed certificate under load, and the end. */
export async function measureBehind(program, { folder, files, renewed, asWindows }) {
  const port = await freePort()
  const base = `https://localhost:${port}`
  const own = ['--port', `${port}`, '--tls-cert', files.cert, '--tls-key', files.key, '--boot-timeout', '3m']
  const behind = ['--upstream-ready-path', '/health', '--reload', 'restart']
  const langflow = [
    program,
    'run',
    '--host',
    '{host}',
    '--port',
    '{port}',
    '--backend-only',
    '--workers',
    '1',
  ]
  await using server = startServer(
    pinnedNode(),
    [lockstep, 'exec', ...own, ...behind, '--no-tls-watch', '--', ...langflow],
    // On its branch for Windows, Langflow believes forwarded headers only with this setting.
    { folder, asWindows, env: { LANGFLOW_RATE_LIMIT_TRUST_PROXY: 'true' } },
  )
  await server.waitUntil(() => server.output().includes('Verified:'))
  const health = await ask(`${base}/health`, { ca: files.certPem })
  const flow = await runFlow(base, { ca: files.certPem, input: 'hello over TLS' })
  const curl = await runStep('curl', ['-s', '-k', `${base}/health`])

  const load = startLoad(`${base}/health`, { ca: [files.certPem, renewed.certPem] })
  await load.atLeast(20)
  copyFileSync(renewed.key, files.key)
  copyFileSync(renewed.cert, files.cert)
  await runStep(pinnedNode(), [lockstep, 'reload', '--tls-only'], { env: { XDG_RUNTIME_DIR: folder } })
  await load.atLeast(20)
  const { answers, failures } = await load.stop()
  const after = await ask(`${base}/health`, { ca: renewed.certPem })
  const stop = await server.stop()
  return {
    verified: server.output().match(/Verified: .*/)?.[0],
    health: `${health.status} ${health.body}`,
    curl,
    flow,
    reload: { answers, failures, isRenewed: after.fingerprint256 === renewed.fingerprint256 },
    stop,
  }
}

/** One request after the other, each on a new connection. */
function startLoad(url, { ca }) {
  let isStopped = false
  let answers = 0
  const failures = []
  const done = (async () => {
    while (!isStopped) {
      try {
        const { status } = await ask(url, { ca })
        if (status === 200) answers += 1
        else failures.push(`status ${status}`)
      } catch (error) {
        failures.push(error.code ?? error.message)
      }
    }
  })()
  return {
    /** Resolves after that many more requests. */
    async atLeast(count) {
      const wanted = answers + failures.length + count
      while (answers + failures.length < wanted) await new Promise((resolve) => setTimeout(resolve, 20))
    },
    async stop() {
      isStopped = true
      await done
      return { answers, failures }
    },
  }
}
