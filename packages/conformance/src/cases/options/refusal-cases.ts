import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { LockstepConfig } from '@lockstep/core'
import { request } from '../../clients/http/node-client.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

export const refusalCases: readonly ConformanceCase[] = [
  {
    id: 'app/refuses/a-missing-module',
    level: 'MUST',
    requirement: 'A launch with an app that does not exist is refused.',
    source: 'docs/errors.md',
    observes: ['app'],
    contract: ['export/not found'],
    run: ({ mustRefuse, folder }) =>
      mustRefuse({ app: `${folder}/missing.js` }, 'LOCKSTEP_ERR_APP_NOT_FOUND'),
  },
  {
    id: 'app/refuses/one-that-throws',
    level: 'MUST',
    requirement:
      "A launch fails with the app's own message when the app throws while it loads. That of a program may be in its standard error.",
    source: 'docs/errors.md',
    observes: ['app'],
    contract: ['export/throws on load'],
    async run({ startRefused, apps, backend }) {
      const { code, message, stderr } = await startRefused({ app: apps.throwsOnLoad })
      // What a program does before it ends is its own affair, and it has said why itself.
      const isProgram = backend.runs?.includes('command') ?? false
      assert.equal(code, isProgram ? 'LOCKSTEP_ERR_PROGRAM_ENDED' : 'LOCKSTEP_ERR_APP_LOAD')
      assert.match(isProgram ? `${message}\n${stderr}` : message, /this app fails while it is loaded/)
    },
  },
  {
    id: 'binding/port/refuses-one-in-use',
    level: 'MUST',
    requirement: 'A launch on a port that is in use is refused, and the other server keeps the port.',
    source: 'bind(2): EADDRINUSE',
    observes: ['port'],
    async run({ startRefused }) {
      const taken = createServer((socket) => socket.end('HTTP/1.1 204 Taken\r\nConnection: close\r\n\r\n'))
      taken.listen(0, '127.0.0.1')
      await once(taken, 'listening')
      try {
        const { port } = taken.address() as AddressInfo
        assert.equal((await startRefused({ port })).code, 'LOCKSTEP_ERR_ADDRESS_IN_USE')
        assert.equal((await request({ host: '127.0.0.1', port })).status, 204)
      } finally {
        taken.close()
      }
    },
  },
  {
    id: 'binding/bind/refuses-a-second-opinion',
    level: 'MUST',
    requirement:
      'A launch with bind as well as host or port is refused, because one of them would be dropped.',
    source: 'docs/options.md: bind',
    observes: ['bind', 'host', 'port'],
    run: ({ mustRefuse }) => mustRefuse({ bind: '127.0.0.1:0' }, 'LOCKSTEP_ERR_OPTION_CONFLICT'),
  },
  {
    id: 'options/refuses/an-unknown-name',
    level: 'MUST',
    requirement: 'A launch with an unknown option is refused, and the error suggests the right name.',
    source: 'DESIGN: honour or refuse',
    observes: ['tls.cert'],
    async run({ startRefused, certificates }) {
      const { server } = certificates
      const tls = { cert: server.certFile, key: server.keyFile, minVersoin: 'TLSv1.3' }
      const { code, message } = await startRefused({ tls } as LockstepConfig)
      assert.equal(code, 'LOCKSTEP_ERR_OPTION_UNKNOWN')
      assert.match(message, /Did you mean .*min-?version/i)
    },
  },
  ...([0, -1, 1.5, 'many'] as const).map(
    (workers): ConformanceCase => ({
      id: `processes/workers/refuses-${workers}`,
      level: 'MUST',
      requirement: `A launch with workers = ${workers} is refused.`,
      source: 'docs/options.md: workers',
      observes: ['workers'],
      run: ({ mustRefuse }) => mustRefuse({ workers } as LockstepConfig, 'LOCKSTEP_ERR_OPTION_INVALID'),
    }),
  ),
]
