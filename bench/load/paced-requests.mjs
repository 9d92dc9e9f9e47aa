// A process that sends requests to servers at a fixed rate, each server in its turn. `pacedLoad()` starts it. It counts the time from when a
// request is due: a request that waits for a connection is as late as one that waits for its answer.
import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import tls from 'node:tls'

const { targets, perSecond, seconds, connections } = JSON.parse(process.argv[2])
const answerMs = 10_000
const warmSeconds = 1
const secureContext = tls.createSecureContext()

const served = await Promise.all(targets.map(prepared))
await send(served, warmSeconds)
for (const target of served) Object.assign(target, { times: [], failed: 0 })
await send(served, seconds)
process.stdout.write(JSON.stringify(served.map(({ times, failed }) => ({ times, failed }))), () =>
  process.exit(),
)

async function prepared(target) {
  const idle = await Promise.all(Array.from({ length: connections }, () => opened(target)))
  return { ...target, idle, waiting: [], times: [], failed: 0 }
}

async function opened({ host, port, tls: isSecure }) {
  const socket = isSecure
    ? tls.connect({ host, port, secureContext, rejectUnauthorized: false })
    : net.connect({ host, port })
  socket.on('error', () => undefined)
  socket.setNoDelay(true)
  await once(socket, isSecure ? 'secureConnect' : 'connect')
  return socket
}

async function send(all, duration) {
  const began = performance.now()
  const total = duration * perSecond * all.length
  const stepMs = 1_000 / (perSecond * all.length)
  const answers = []
  for (let sent = 0; sent < total; ) {
    const now = performance.now()
    for (; sent < total && began + sent * stepMs <= now; sent += 1) answers.push(ask(all[sent % all.length]))
    await pause(Math.max(0, began + sent * stepMs - performance.now()))
  }
  await Promise.all(answers)
}

async function ask(target) {
  const due = performance.now()
  const socket = await connectionOf(target)
  if (await isAnswered(socket)) target.times.push(performance.now() - due)
  else target.failed += 1
  const next = socket.destroyed ? await opened(target).catch(() => socket) : socket
  const waiting = target.waiting.shift()
  if (waiting) waiting(next)
  else target.idle.push(next)
}

/** The one that has been idle for longest, so that all of them stay in use. */
function connectionOf(target) {
  const socket = target.idle.shift()
  return socket ?? new Promise((resolve) => target.waiting.push(resolve))
}

function isAnswered(socket) {
  const { promise, resolve } = Promise.withResolvers()
  let received = ''
  const onData = (bytes) => {
    received += bytes.toString('latin1')
    if (received.endsWith('hello')) settle(received.startsWith('HTTP/1.1 200'))
  }
  const onClose = () => settle(false)
  const timer = setTimeout(() => socket.destroy(), answerMs)
  const settle = (isWhole) => {
    clearTimeout(timer)
    socket.off('data', onData).off('close', onClose)
    resolve(isWhole)
  }
  if (socket.destroyed) settle(false)
  else {
    socket.on('data', onData).once('close', onClose)
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  }
  return promise
}
