import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import type { CaseContext } from '../../case-context.ts'
import { freePort } from '../../clients/free-port.ts'
import { request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import { processesIn } from '../../clients/processes-in.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Failure } from '../../subject/subject.ts'
import { contractApp } from '../app/contract/contract-case.ts'

const source = 'docs/writing-a-backend.md: start(plan, host)'

export const startCases: readonly ConformanceCase[] = [
  {
    id: 'backend/start/serves-the-named-export',
    level: 'MUST',
    requirement: 'The server answers with the export of the module that the launch names.',
    source,
    observes: ['app'],
    promises: ['start/export'],
    async run({ start }) {
      const subject = await start({ app: contractApp('two-exports', 'second') })
      const { body } = await request({ ...subject })
      assert.equal(body, 'second', `the launch names the export "second", and the export "${body}" answers`)
    },
  },
  {
    id: 'backend/start/serves-an-app-in-memory',
    level: 'SHOULD',
    requirement: 'The backend serves the app that it gets as host.app.',
    source,
    observes: ['app'],
    promises: ['start/in-memory'],
    doors: ['backend'],
    async run({ start }) {
      const file = contractApp('two-exports')
      const subject = await start({}, { appInMemory: file })
      const { body } = await request({ ...subject })
      assert.equal(body, 'default', `host.app answers "default", and the server "${body}"`)
    },
  },
  {
    id: 'backend/start/returns-the-real-addresses',
    level: 'MUST',
    requirement:
      'The addresses that start() returns are those of the plan in its order, with real ports, and each is served.',
    source: 'docs/writing-a-backend.md: RunningServer',
    observes: ['bind', 'tls.redirect'],
    promises: ['start/addresses'],
    async run({ start, certificates: { server } }) {
      const port = await freePort()
      const redirect = await freePort()
      const { addresses } = await start({
        bind: ['127.0.0.1:0', `127.0.0.1:${port}`],
        host: undefined,
        port: undefined,
        tls: { cert: server.certFile, key: server.keyFile, redirect: `127.0.0.1:${redirect}` },
      })
      const [first, second] = addresses
      assert.ok(
        first?.kind === 'tcp' && second?.kind === 'tcp',
        `two addresses: ${JSON.stringify(addresses)}`,
      )
      assert.ok(first.port !== 0 && first.port !== port, `a real port for 0: ${first.port}`)
      assert.equal(second.port, port, 'the second address of the plan')
      const statuses = await Promise.all(
        [
          { ...first, tls: {} },
          { ...second, tls: {} },
          { host: '127.0.0.1', port: redirect },
        ].map(async (target) => (await request(target)).status),
      )
      assert.deepEqual(statuses, [200, 200, 308], 'both addresses and the redirect')
    },
  },
  {
    id: 'backend/start/is-given-up',
    level: 'MUST',
    requirement:
      'A start that is given up while the app boots fails soon, with nothing bound and no process left.',
    source: 'docs/writing-a-backend.md: host.signal',
    observes: ['app'],
    promises: ['start/abort', 'start/leaves-nothing'],
    async run(context) {
      const { apps, folder } = context
      const port = await freePort()
      writeFileSync(join(folder, 'gate'), '')
      const boots = (): boolean =>
        existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('booted-'))
      const failure = await context.startGivenUp({ app: apps.gated, port }, () =>
        poll(boots, { until: (has) => has, deadlineMs: 20_000, what: 'the app to boot' }),
      )
      assert.equal(failure.code, 'LOCKSTEP_ERR_STOPPED', failure.message)
      await context.mustBeFree(port)
      await mustBeAlone(context, { pids: [failure.pid] })
    },
  },
  {
    id: 'backend/start/leaves-nothing-of-a-failure',
    level: 'MUST',
    requirement:
      'A start that fails for an address or for the app leaves no address bound and no process behind, and its error has a code.',
    source,
    observes: ['bind', 'app'],
    promises: ['start/leaves-nothing', 'start/codes'],
    async run(context) {
      const taken = createServer().listen(0, '127.0.0.1')
      await once(taken, 'listening')
      try {
        const port = await freePort()
        const failure = await context.startRefused({
          bind: [`127.0.0.1:${port}`, `127.0.0.1:${(taken.address() as AddressInfo).port}`],
          host: undefined,
          port: undefined,
        })
        assert.equal(failure.code, 'LOCKSTEP_ERR_ADDRESS_IN_USE', failure.message)
        await context.mustBeFree(port)
        await mustBeAlone(context, { pids: [failure.pid] })
        // The launcher looks at addresses before, and at the app not.
        const broken = await context.startRefused({ app: context.apps.throwsOnLoad, port })
        const code = context.isFront ? broken.code : 'LOCKSTEP_ERR_APP_LOAD'
        assert.equal(broken.code, code, broken.message)
        assert.notEqual(broken.code, 'LOCKSTEP_ERR_INTERNAL', broken.message)
        await context.mustBeFree(port)
        await mustBeAlone(context, { pids: [failure.pid, broken.pid] })
      } finally {
        taken.close()
      }
    },
  },
]

/** Of what the subjects have started, only their first processes may be left. */
async function mustBeAlone(
  { folder, runtime }: CaseContext,
  { pids }: { pids: readonly Failure['pid'][] },
): Promise<void> {
  if (runtime.platform !== 'linux' || process.platform !== 'linux') return
  const others = processesIn(folder).filter((pid) => !pids.includes(pid))
  assert.deepEqual(others, [], `processes ${others} are left by a start that failed`)
}
