// The limit: an app that listens itself, and nothing around it. Says so once it does.
import http from 'node:http'
import hello from './hello.mjs'

const server = http.createServer(hello)
server.listen({ host: '127.0.0.1', port: 0 }, () =>
  console.log(JSON.stringify({ type: 'ready', addresses: [server.address()] })),
)
