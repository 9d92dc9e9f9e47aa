// Apps that misbehave: what one does in a request, at odd times, over HTTP/1.1 and HTTP/2, under each backend; and what one exports. No
// process may end or get an exception because of Lockstep's code.
import { fileURLToPath } from 'node:url'
import { fuzzExports } from './app-exports.mjs'
import { ask } from './ask-and-forget.mjs'
import { randomFrom } from './random.mjs'
import { serveFuzzedApp } from './served-app.mjs'

export const defaultCount = 10_000

const app = fileURLToPath(new URL('../../test/fixtures/fuzz/misbehaves.js', import.meta.url))

export async function run({ seed, count, tell }) {
  const exported = Math.ceil(count / 10)
  const subjects = [
    { app, backend: 'single' },
    { app: `${app}:handler`, backend: 'single' },
    { app, backend: 'cluster' },
    { app: `${app}:handler`, backend: 'cluster' },
  ]
  const each = Math.ceil((count - exported) / subjects.length)
  const found = []
  for (const [index, subject] of subjects.entries())
    found.push(...(await fuzzRequests({ ...subject, seed: seed + index * each, count: each, tell })))
  found.push(...(await fuzzExports({ seed, count: exported, tell })))
  return found
}

async function fuzzRequests({ app, backend, seed, count, tell }) {
  await using server = await serveFuzzedApp({ app, backend })
  const { below } = randomFrom(seed)
  const started = performance.now()
  const answers = {}
  let next = 0
  const client = async () => {
    while (next < count) {
      // 0 is an ordinary request.
      const number = ((seed + next) % (2 ** 31 - 1)) + 1
      next += 1
      const answer = await ask(server, { path: `/${number}`, kind: below(10) })
      answers[answer] = (answers[answer] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: 24 }, client))
  const alive = await Promise.all(Array.from({ length: 8 }, () => ask(server, { path: '/0', kind: 0 })))
  const found = server.faults()
  if (alive.some((answer) => answer !== '200')) found.push(`does not answer in the end: ${alive.join()}`)
  const seconds = ((performance.now() - started) / 1_000).toFixed(1)
  tell(
    `${backend}, ${app.includes(':') ? 'a handler' : 'an http.Server'}: ${count} requests in ${seconds} s, ${server.appFailures()} exceptions of the app's own that nothing caught, answers ${JSON.stringify(answers)}`,
  )
  return found.map((fault) => `${backend}: ${fault}`)
}
