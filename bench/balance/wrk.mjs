import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** Has wrk (Debian: `apt install wrk`), one thread in C, ask with so many clients. Gives requests a second, and how many failed. */
export async function wrk({ host, port }, { seconds, clients, keepAlive }) {
  const child = spawn('wrk', [
    '--threads=1',
    `--connections=${clients}`,
    `--duration=${seconds}s`,
    ...(keepAlive ? [] : ['--header=Connection: close']),
    `http://${host}:${port}/`,
  ])
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const requests = Number(/^\s*(\d+) requests in/m.exec(output)?.[1])
  const [, ...errors] = /connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output) ?? []
  return {
    requests,
    perSecond: Number(/^Requests\/sec:\s*([\d.]+)/m.exec(output)?.[1]),
    failed: errors.reduce((sum, count) => sum + Number(count), 0),
  }
}
