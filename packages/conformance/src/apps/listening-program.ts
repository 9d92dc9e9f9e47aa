import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

// A program that listens by itself: at the first port for metrics, if there are two, and at the last one as the app.
const ports = process.argv.slice(2).map(Number)
const metrics = createServer((_, response) => {
  response.setHeader('x-process', process.pid)
  response.end('metrics')
})
if (ports.length > 1) metrics.listen(ports[0], '127.0.0.1')
const server = createServer((_, response) =>
  response.end(`program ${(server.address() as AddressInfo | null)?.port}`),
)
server.listen(ports.at(-1), '127.0.0.1')
