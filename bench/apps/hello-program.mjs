// A program that is not ours, as a launcher starts it: it listens at PORT, and speaks plain HTTP.
import http from 'node:http'

const server = http.createServer((_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 5 })
  response.end('hello')
})
// The proxies decide for how long a connection is kept.
server.keepAliveTimeout = 60_000
server.listen(Number(process.env.PORT), '127.0.0.1')
