// What a running quick start is asked. Each question throws with what was seen if the answer is wrong.
import { ask } from './ask.mjs'
import { readEvents, talk } from './ask-live.mjs'
import { listeningPorts } from './listening-ports.mjs'

const clients = 4
const slowMs = 10_000
const endedMs = 5_000

/** The page and the POST of the quick start, `request` being the version of HTTP and the CA. */
export async function askPages({ url }, { page, post }, request = {}) {
  await expectAnswer(url, page, request)
  if (post) await expectAnswer(url, { method: 'POST', ...post }, request)
}

/** The WebSocket and the events of the quick start. WebSocket is asked over HTTP/1.1. */
export async function askLive({ url }, { websocket, events }, request = {}) {
  if (websocket) await talk(url, { ...websocket, ca: request.ca })
  if (events) await readEvents(url, { ...events, ...request })
}

/** Reloads while clients ask, each on a new connection. No request may fail. */
export async function reloadUnderLoad({ url }, { page }, { ca, reload }) {
  let isGoing = true
  let answers = 0
  const client = async () => {
    while (isGoing) {
      await expectAnswer(url, page, { ca })
      answers += 1
    }
  }
  const load = Promise.all(Array.from({ length: clients }, client))
  const reloaded = reload().finally(() => {
    isGoing = false
  })
  await Promise.all([load, reloaded])
  if (answers === 0) throw new Error('reload: no request was answered meanwhile')
}

/** Stops the server while it handles a request. The request must be answered, and nothing may be left. */
export async function stopInFlight(server, { slow }) {
  const pids = server.processes()
  const request = slow.send ? talk(server.url, slow) : expectAnswer(server.url, slow)
  const answer = request.catch((error) => error)
  if ((await server.until(/slow request/, slowMs)) === null)
    throw new Error('stop: the slow request never came')
  server.kill('SIGTERM')
  const seen = await answer
  const end = await server.ended()
  if (seen instanceof Error) throw new Error(`stop: the request in flight failed: ${seen.message}`)
  if (end !== 0) throw new Error(`stop: exit ${end ?? 'never came'}`)
  await expectGone(pids, 'stop: processes are left')
}

/** What these processes were is replaced, so they end when their last request has ended. */
export async function expectReplaced(pids) {
  await expectGone(pids, 'reload: workers were not replaced')
}

/** The server and its workers may listen at no port that the plan does not name. */
export function expectNoOtherPort({ url, processes }, { ownPorts = [] }) {
  const named = [Number(url.port), ...ownPorts]
  const others = listeningPorts(processes()).filter((port) => !named.includes(port))
  if (others.length > 0) throw new Error(`listens at port ${others.join(', ')} too`)
}

async function expectGone(pids, otherwise) {
  const deadline = performance.now() + endedMs
  while (pids.some(isAlive)) {
    if (performance.now() > deadline) throw new Error(`${otherwise}: ${pids.filter(isAlive).length}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function expectAnswer(url, { path, status = 200, contains, ...asked }, request) {
  const seen = await ask(new URL(path, url), { ...asked, ...request })
  if (seen.status !== status || !seen.text.includes(contains))
    throw new Error(`${asked.method ?? 'GET'} ${path}: ${shown(seen)}`)
}

function shown({ status, text }) {
  return `status ${status}, body ${JSON.stringify(text.slice(0, 200))}`
}
