import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { oneRequest } from '../load/one-request.mjs'
import { pidsOf } from '../load/pids-of.mjs'
import { certificateFolder, startHost } from '../subjects/servers.mjs'
import { clientHello } from './client-hello.mjs'

const timeoutMs = 2_000
const count = 200
const asked = 20

export const slowClients = {
  name: 'slow clients',
  async measure() {
    using pair = await certificateFolder()
    await using server = await startHost(pair, {
      backend: 'cluster',
      workers: 2,
      tls: { handshakeTimeout: `${timeoutMs}ms` },
    })
    const before = await pidsOf(server, asked)
    const hello = await clientHello()
    const [silent, dripping] = await Promise.all([
      longest(server, () => undefined),
      longest(server, (socket) => drip(socket, hello)),
    ])
    const after = await pidsOf(server, asked)
    const workersLost = [...before].filter((pid) => !after.has(pid)).length
    const figures = [
      figure('a silent client is cut', silent),
      figure('a client that sends its ClientHello byte by byte is cut', dripping),
      {
        what: 'workers lost',
        goal: '0',
        found: String(workersLost),
        met: workersLost === 0,
        how: `${count} of each at once; others were served meanwhile`,
      },
    ]
    return { figures }
  },
}

function figure(what, { worstMs, servedMeanwhile }) {
  return {
    what: `${what} after`,
    goal: `${timeoutMs} ms, the handshake timeout, plus 500 ms at most`,
    found: `${Math.round(worstMs)} ms`,
    met: worstMs < timeoutMs + 500 && servedMeanwhile,
    how: `the slowest of ${count}, from its connect to its close`,
  }
}

async function longest({ host, port }, behave) {
  const times = Array.from({ length: count }, async () => {
    const began = performance.now()
    const socket = connect({ host, port })
    // A byte that is on its way when the server closes is answered by a reset, which ends it as well.
    socket.on('error', () => undefined)
    socket.resume()
    await once(socket, 'connect')
    void behave(socket)
    await Promise.race([new Promise((resolve) => socket.once('close', resolve)), late()])
    return performance.now() - began
  })
  const served = oneRequest({ host, port }).then(
    () => true,
    () => false,
  )
  return { worstMs: Math.max(...(await Promise.all(times))), servedMeanwhile: await served }
}

function late() {
  return pause(10 * timeoutMs, undefined, { ref: false })
}

async function drip(socket, hello) {
  for (const byte of hello) {
    if (socket.destroyed) return
    socket.write(Buffer.of(byte))
    await pause(100)
  }
}
