import assert from 'node:assert/strict'
import { existsSync, readdirSync, statSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { ConformanceCase } from '../../conformance-case.ts'

/** Each subject has its own runtime folder: the folder of its case. */
function controlSockets(folder: string): string[] {
  const control = join(folder, 'lockstep')
  return existsSync(control) ? readdirSync(control).map((name) => join(control, name)) : []
}

async function get(socketPath: string, path: string): Promise<unknown> {
  const answered = Promise.withResolvers<http.IncomingMessage>()
  http
    .get({ socketPath, path, agent: false, signal: AbortSignal.timeout(5_000) })
    .once('response', answered.resolve)
    .once('error', answered.reject)
  return JSON.parse(await text(await answered.promise))
}

export const controlCases: readonly ConformanceCase[] = [
  {
    id: 'control/answers-its-user-alone',
    level: 'MUST',
    requirement:
      "The control socket reports the server's status, is open to its user only, and is gone after the stop.",
    source: 'issue of the control plane; unix(7), pathname socket ownership and permissions',
    observes: ['control'],
    needs: ['unix-sockets', 'posix-modes'],
    async run({ start, folder }) {
      const subject = await start({ control: true, name: 'controlled' })
      const sockets = controlSockets(folder)
      assert.equal(sockets.length, 1)
      const [socket = ''] = sockets
      const mode = (file: string): number => statSync(file).mode & 0o777
      assert.deepEqual([mode(join(folder, 'lockstep')), mode(socket)], [0o700, 0o600])
      const { result } = (await get(socket, '/status')) as { result: Record<string, unknown> }
      const { name, state, backend } = result
      assert.deepEqual(
        { name, state, backend },
        { name: 'controlled', state: 'ready', backend: subject.backend },
      )
      await subject.stop()
      assert.deepEqual(controlSockets(folder), [])
    },
  },
  {
    id: 'control/decides-whether-verbs-reach-the-server',
    level: 'MUST',
    requirement: 'A verb of the command reaches a server with control, and none without it.',
    source: 'option control',
    observes: ['control'],
    doors: ['command'],
    async run({ start, certificates: { server } }) {
      const tls = { cert: server.certFile, key: server.keyFile }
      const within = await start({ control: true, tls })
      assert.deepEqual(await within.applyTls(), { changed: false, code: null })
      await within.stop()
      const without = await start({ control: false, tls })
      assert.deepEqual(await without.applyTls(), { changed: false, code: 'LOCKSTEP_ERR_CONTROL_NO_SERVER' })
    },
  },
  {
    id: 'control/off-makes-no-socket',
    level: 'MUST',
    requirement: 'A server with control off makes no control socket.',
    source: 'option control',
    observes: ['control'],
    needs: ['unix-sockets'],
    async run({ start, folder }) {
      await start({ control: false })
      assert.deepEqual(controlSockets(folder), [])
    },
  },
]
