import http from 'node:http'
import https from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'

const withinMs = 60_000
/** Enough clients to reach each of eight workers almost always, however connections are distributed. */
const atOnce = 32
/** A pause, because the starting workers need the processor. */
const betweenMs = 10

/** Resolves when this many different workers have answered on new connections, with a text for each worker. */
export async function untilWorkersAnswer({ url }, count) {
  const seen = new Set()
  for (const end = performance.now() + withinMs; seen.size < count; await pause(betweenMs)) {
    if (performance.now() > end)
      throw new Error(`${seen.size} of ${count} workers answered within ${withinMs} ms`)
    const waiting = Array.from({ length: atOnce }, () => whoAnswers(url))
    for (const who of await Promise.all(waiting)) if (who !== null) seen.add(who)
  }
  return seen
}

function whoAnswers(url) {
  const { promise, resolve } = Promise.withResolvers()
  const { get } = url.startsWith('https:') ? https : http
  get(`${url}/pid`, { agent: false, rejectUnauthorized: false }, (response) => {
    let body = ''
    response.setEncoding('utf8').on('data', (text) => {
      body += text
    })
    response.once('close', () => resolve(response.complete && response.statusCode === 200 ? body : null))
  }).once('error', () => resolve(null))
  return promise
}
