import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { pinnedTo } from '../measuring/cores.mjs'
import { withDescriptors } from '../subjects/descriptors.mjs'

/**
 * Runs wrk (Debian: `apt install wrk`), one thread in C, with this many clients. Returns requests a second, how many of them failed, and the
 * 99th percentile of the time to an answer in milliseconds.
 */
export async function wrk(
  { host, port, tls = false },
  { seconds, clients, keepAlive, path = '/', core = null },
) {
  const command = [
    'wrk',
    '--threads=1',
    '--latency',
    `--connections=${clients}`,
    `--duration=${seconds}s`,
    ...(keepAlive ? [] : ['--header=Connection: close']),
    `${tls ? 'https' : 'http'}://${host}:${port}${path}`,
  ]
  const [program, ...args] = withDescriptors(pinnedTo(core, command))
  const child = spawn(program, args)
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const requests = Number(/^\s*(\d+) requests in/m.exec(output)?.[1])
  if (!(requests >= 0)) throw new Error(`wrk did not say what it saw: ${JSON.stringify(output)}`)
  const [, ...errors] = /connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output) ?? []
  const refused = /Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0
  return {
    requests,
    perSecond: Number(/^Requests\/sec:\s*([\d.]+)/m.exec(output)?.[1]),
    p99Ms: milliseconds(/^\s*99%\s+([\d.]+)(us|ms|s|m)\s*$/m.exec(output)),
    failed: [...errors, refused].reduce((sum, count) => sum + Number(count), 0),
  }
}

const msOf = { us: 0.001, ms: 1, s: 1_000, m: 60_000 }

function milliseconds(found) {
  return found ? Number(found[1]) * msOf[found[2]] : Number.NaN
}
