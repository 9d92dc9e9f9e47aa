// Verification looks at which export of its module is served as the app.
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { launch } from 'lockstep'
import { type ServerBackend, singleBackend } from 'lockstep/backend'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const alone = { config: false, envFile: false, environment: false } as const
const file = write(
  temporaryFolder(),
  'named.mjs',
  `export default (_, response) => response.end('default')
   export const second = (_, response) => response.end('second')`,
)
const options = { app: `${file}:second`, port: 0, log: { level: 'silent' } } as const

/** Loads the default export, whatever the plan names. */
const dropping: ServerBackend = {
  ...singleBackend,
  name: 'dropping',
  start: (plan, host) =>
    singleBackend.start(
      plan.app.kind === 'module' ? { ...plan, app: { ...plan.app, exportName: null } } : plan,
      host,
    ),
}

async function answerTo(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  return text(socket)
}

describe('a launch that names an export', () => {
  it('fails when a backend serves another one, over plain HTTP and over TLS', async () => {
    const { cert, key } = await pairFiles()
    for (const tls of [undefined, { cert, key }])
      await expect(
        launch({ ...options, backend: dropping, ...(tls && { tls }) }, alone),
      ).rejects.toMatchObject({
        code: 'LOCKSTEP_ERR_VERIFY_FAILED',
        message: expect.stringMatching(
          /\(app\): expected the export "second" of .*named\.mjs, observed the default app of .*named\.mjs/,
        ),
      })
  })

  it.each(['single', 'cluster'] as const)('says under %s that the export was verified', async (backend) => {
    await using server = await launch({ ...options, backend }, alone)
    expect(await (await fetch(server.url ?? '')).text()).toBe('second')
    expect(server.verification?.endpoints[0]?.checks).toContainEqual({
      name: 'app',
      passed: true,
      expected: `the export "second" of ${file}`,
      observed: `the export "second" of ${file}`,
    })
  })

  it('shows other clients nothing of its app', async () => {
    await using server = await launch(options, alone)
    for (const secret of ['', ' 7b6d8a5e-3c1f-4d2a-9e8b-0a1b2c3d4e5f']) {
      const answer = await answerTo(server.port ?? 0, `LOCKSTEP${secret}\r\n\r\n`)
      expect(answer).toMatch(/^HTTP\/1\.1 400 /)
      expect(answer).not.toMatch(/lockstep-app|named/i)
    }
  })
})
