// A backend that enforces client certificates, but does not say so to its app, declares that. The suite then expects the opposite.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runSuite } from '@lockstep/conformance'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'

/** `single`, perhaps with an app that sees each client as one without a certificate. */
async function judge({
  lacks,
  hides,
}: {
  lacks: readonly string[]
  hides: boolean
}): Promise<readonly string[]> {
  const file = join(temporaryFolder(), 'backend.mjs')
  writeFileSync(
    file,
    `import { createAppServer, inProcessServer, listenOnAll, loadApp, singleBackend } from ${JSON.stringify(import.meta.resolve('@lockstep/core/backend'))}
export default { ...singleBackend, name: 'hides', lacks: ${JSON.stringify(lacks)}, async start(plan, host) {
  const app = await loadApp(plan.app, { inMemory: host.app, bootMs: plan.timeouts.bootMs, signal: host.signal })
  const hidden = { ...app, handle(request, response) {
    if (${hides}) Object.defineProperty(request.socket, 'authorized', { value: false, configurable: true })
    return app.handle(request, response)
  } }
  const server = createAppServer({ plan, app: hidden, log: host.log, worker: null })
  const listeners = await listenOnAll(plan.addresses, { backlog: 5, pauseOnConnect: false, onConnection: server.accept })
  return inProcessServer({ plan, host, app, server, listeners, redirects: [] })
} }
`,
  )
  const { default: backend } = await import(file)
  const cases = ['tls/client-auth/require-*', 'tls/client-auth/request-*', 'tls/crl/*on-request']
  const results = await runSuite({ backend, backendName: file }, { cases, doors: ['backend'] })
  return results.map(({ id, status }) => `${id.split('/').at(-1)}: ${status}`).sort()
}

const all = (status: string): readonly string[] => [
  `a-revoked-client-is-not-authorised-on-request: ${status}`,
  `request-serves-everyone-and-tells-them-apart: ${status}`,
  // What is enforced on the wire is the same.
  'require-refuses-a-client-without-certificate: pass',
  `require-serves-a-good-client: ${status}`,
]

it.each([
  { lacks: ['client-certificates'], hides: true, status: 'pass' },
  { lacks: [], hides: true, status: 'fail' },
  { lacks: ['client-certificates'], hides: false, status: 'fail' },
])(
  'an app that sees no client as authorised: declared $lacks, true: $hides, so the cases $status',
  { timeout: 90_000 },
  async ({ status, ...subject }) => {
    expect(await judge(subject)).toEqual(all(status))
  },
)
