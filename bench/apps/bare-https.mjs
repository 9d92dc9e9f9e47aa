// The limit: `https.createServer` with the policy that the launcher has by default, and nothing around it.
import { readFileSync } from 'node:fs'
import https from 'node:https'
import hello from './hello.mjs'

const [cert, key] = process.argv.slice(2).map((file) => readFileSync(file))
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')
const server = https.createServer(
  { cert, key, ciphers, honorCipherOrder: true, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] },
  hello,
)
server.listen({ host: '127.0.0.1', port: 0, backlog: 2048 }, () =>
  console.log(JSON.stringify({ type: 'ready', addresses: [server.address()] })),
)
