import { launch } from 'lockstep'
import { type ServerBackend, singleBackend } from 'lockstep/backend'
import { expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

it('a reload that the backend does not take up fails with its reason, and the server serves on', async () => {
  const folder = temporaryFolder()
  const { cert, key } = await pairFiles({}, folder)
  const backend: ServerBackend = {
    ...singleBackend,
    async start(...given) {
      const server = await singleBackend.start(...given)
      return { ...server, applyTls: () => Promise.reject(new Error('out of memory')) }
    },
  }
  await using server = await launch({
    app: (_request: unknown, response: { end(text: string): void }) => response.end('served'),
    backend,
    port: 0,
    log: { level: 'silent' },
    tls: { cert, key, watch: false },
  })
  const before = server.status().certificate
  await pairFiles({}, folder)
  await expect(server.reload()).rejects.toMatchObject({
    code: 'LOCKSTEP_ERR_RELOAD_FAILED',
    message: 'The new settings could not be taken up: out of memory',
  })
  expect(server.status()).toMatchObject({ state: 'ready', certificate: before })
})
