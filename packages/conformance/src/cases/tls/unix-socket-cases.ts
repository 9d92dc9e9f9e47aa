import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { ConformanceCase } from '../../conformance-case.ts'

export const unixSocketCases: readonly ConformanceCase[] = [
  {
    id: 'tls/cert/plain-http-on-a-unix-socket-is-told',
    level: 'SHOULD',
    requirement:
      'A UNIX domain socket with TLS answers plain HTTP with a short 400 that names HTTPS, also beside other clients, and keeps serving.',
    source: 'DESIGN: the founding bug; nginx and Caddy answer the same on a port',
    observes: ['tls.cert', 'bind'],
    needs: ['unix-sockets'],
    async run({ start, folder, certificates: { server } }) {
      const socketPath = join(folder, 'app.sock')
      await start({
        bind: `unix:${socketPath}`,
        host: undefined,
        port: undefined,
        tls: { cert: server.certFile, key: server.keyFile },
      })
      const plain = (): ClientRequest => httpRequest({ socketPath, path: '/pid' })
      const secured = (): ClientRequest =>
        httpsRequest({ socketPath, path: '/pid', servername: 'localhost', rejectUnauthorized: false })
      const answers = await Promise.all([plain, secured, plain, secured, plain].map((ask) => answerTo(ask())))
      assert.deepEqual(
        answers.map(({ status }) => status),
        [400, 200, 400, 200, 400],
      )
      for (const { status, body } of answers)
        assert.match(body, status === 400 ? /plain HTTP.*https:/ : /"pid"/)
    },
  },
]

async function answerTo(asked: ClientRequest): Promise<{ status: number | undefined; body: string }> {
  const [response] = (await once(asked.end(), 'response', { signal: AbortSignal.timeout(5_000) }).catch(
    (error: Error) => {
      throw new assert.AssertionError({ message: `there was no answer: ${error.message}` })
    },
  )) as [IncomingMessage]
  return { status: response.statusCode, body: await text(response) }
}
