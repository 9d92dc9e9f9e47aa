import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import { text } from 'node:stream/consumers'
import type { Target } from './fuzz-requests.ts'

/** Returns the app's answer to a well-formed request, over each served protocol. */
export async function askWell({ port, isSecured }: Target): Promise<{ readonly rss: number }> {
  const over1 = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path: '/well', agent: false, rejectUnauthorized: false }
    ;(isSecured ? https : http).get({ ...options, timeout: 10_000 }, resolve).on('error', reject)
  })
  const answer = JSON.parse(await text(over1)) as { rss: number }
  if (!isSecured) return answer
  const session = http2.connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false })
  try {
    return await new Promise((resolve, reject) => {
      session.on('error', reject)
      const stream = session.request({ ':path': '/well' })
      stream.on('error', reject)
      text(stream).then((body) => resolve(JSON.parse(body) as { rss: number }), reject)
    })
  } finally {
    session.destroy()
  }
}
