// Server-sent events and WebSocket.
import { WebSocket } from 'ws'
import { ask } from './ask.mjs'

const answerMs = 10_000
/** Events that a server holds back come together. The quick starts send theirs with 150 ms between. */
const leastSpreadMs = 100

/** Reads a stream of events to its end. Throws if they don't come one by one. */
export async function readEvents(url, { path, headers = {}, contains = 'data:', ...request }) {
  const { status, text, arrivals } = await ask(new URL(path, url), {
    ...request,
    headers: { accept: 'text/event-stream', ...headers },
  })
  if (status !== 200 || !text.includes(contains))
    throw new Error(`events: status ${status}, body ${JSON.stringify(text.slice(0, 200))}`)
  if (arrivals.at(-1) - arrivals[0] < leastSpreadMs) throw new Error('events: all came together')
}

/**
 * Opens a WebSocket, sends its messages and its replies to what begins with their `to`, and waits for a message that has the expected text, or with
 * `closes` until the server closes it with this code.
 */
export function talk(url, { path, send = [], replies = [], contains = '', closes, ca }) {
  const target = new URL(path, url)
  target.protocol = target.protocol.replace('http', 'ws')
  const socket = new WebSocket(target, { ca, handshakeTimeout: answerMs })
  return new Promise((resolve, reject) => {
    const received = []
    const timer = setTimeout(() => {
      socket.terminate()
      reject(new Error(`WebSocket: ${JSON.stringify(contains)} did not come, only ${received}`))
    }, answerMs)
    socket.once('open', () => {
      for (const text of send) socket.send(text)
    })
    socket.on('message', (data) => {
      const text = String(data)
      received.push(text.slice(0, 200))
      for (const reply of replies) if (text.startsWith(reply.to)) socket.send(reply.send)
      if (closes === undefined && text.includes(contains)) socket.close(1000)
    })
    socket.once('error', (error) => {
      clearTimeout(timer)
      reject(new Error(`WebSocket: ${error.message}`))
    })
    socket.once('close', (code) => {
      clearTimeout(timer)
      if (closes === undefined ? received.some((text) => text.includes(contains)) : code === closes) resolve()
      else reject(new Error(`WebSocket: closed with ${code} after ${received}`))
    })
  })
}
