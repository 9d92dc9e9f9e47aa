import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

/**
 * A program that makes visible how it is started, watched and ended: `node odd-program.js WORDS…`. Its port is in the variable PORT. Files of
 * the current folder say the rest:
 * - `running-PID` while it runs, and `overlap` once two of them did at the same time;
 * - `signal` has the name of the signal that ended it.
 */
const folder = process.cwd()
const mark = `running-${process.pid}`
if (readdirSync(folder).some((name) => name.startsWith('running-'))) writeFileSync(`${folder}/overlap`, '')
writeFileSync(`${folder}/${mark}`, '')

/** How often it was asked whether it is ready, and how often it says no. */
let asked = 0
const refusals = 3
let hasSaidSo = false

const server = createServer((request, response) => {
  switch (request.url) {
    case '/ready':
      asked += 1
      return void response.writeHead(asked > refusals ? 204 : 503).end()
    case '/block':
      // Answers, and then accepts nothing for a while: its queue of connections fills.
      return void response.end('blocked', () =>
        setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 6_000)),
      )
    default: {
      const { PORT, HOST, OWN_PORT, GREETING } = process.env
      const own = { OWN_PORT, GREETING }
      return void response.end(
        JSON.stringify({ words: process.argv.slice(2), PORT, HOST, ...own, asked, hasSaidSo }),
      )
    }
  }
})
server.listen({ host: '127.0.0.1', port: Number(process.env['PORT']), backlog: 1 }, () =>
  setTimeout(() => {
    process.stdout.write('warming up\n')
    hasSaidSo = true
    process.stdout.write('it is time: ready to serve\n')
  }, 400),
)
for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)
  process.once(signal, () => {
    writeFileSync(`${folder}/signal`, signal)
    server.close(() => rmSync(`${folder}/${mark}`))
  })
