import { once } from 'node:events'
import https from 'node:https'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { residentMb } from '../measuring/memory.mjs'
import { lockstepFront } from './fronts.mjs'

/** Buffers that wait to be collected. A front that holds the body would grow by all of it. */
const mostGrowthMb = 128
const chunk = Buffer.alloc(65_536)

/** One large body from the program, and the memory of our front meanwhile. */
export async function transferDown({ servers }, { bytes }) {
  return watched({ what: 'down', server: oursOf(servers), bytes, transfer: download })
}

/** One large body to the program. */
export async function transferUp({ servers }, { bytes }) {
  return watched({ what: 'up', server: oursOf(servers), bytes, transfer: upload })
}

function oursOf(servers) {
  return servers.find(({ name }) => name === lockstepFront.name).server
}

async function watched({ what, server, bytes, transfer }) {
  const before = residentMb(server.pid)
  let highest = before
  const timer = setInterval(() => {
    highest = Math.max(highest, residentMb(server.pid))
  }, 20)
  const began = performance.now()
  const passed = await transfer(server, bytes).finally(() => clearInterval(timer))
  const seconds = (performance.now() - began) / 1_000
  await pause(1_000)
  const megabytes = bytes / 1_048_576
  const figure = {
    what: `memory added by ${megabytes.toLocaleString('en')} MB ${what}`,
    goal: `≤ ${mostGrowthMb} MB`,
    found: `${(highest - before).toFixed(0)} MB`,
    met: passed === bytes && highest - before <= mostGrowthMb,
    how: `${before.toFixed(0)} MB before, ${highest.toFixed(0)} MB at most, ${residentMb(server.pid).toFixed(0)} MB a second later; ${passed === bytes ? 'complete' : `${passed} of ${bytes} bytes`} after ${seconds.toFixed(1)} s`,
  }
  return { figures: [figure] }
}

async function download({ url }, bytes) {
  const [response] = await once(
    https.get(`${url}/large`, { agent: false, rejectUnauthorized: false }),
    'response',
  )
  let received = 0
  for await (const part of response) received += part.length
  return response.statusCode === 200 && response.complete ? received : Math.min(received, bytes - 1)
}

/** The program answers with the number of bytes that it got. */
async function upload({ url }, bytes) {
  const request = https.request(url, {
    method: 'POST',
    agent: false,
    rejectUnauthorized: false,
    headers: { 'Content-Length': bytes },
  })
  const answered = once(request, 'response')
  await pipeline(zeros(bytes), request)
  const [response] = await answered
  return Number(await text(response))
}

function* zeros(bytes) {
  for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk
}
