// A server that is written by hand for Node, without any part of the launcher.
import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import routes from './routes.mjs'

/** The default policy of the launcher, so that equal servers are compared. */
export const policy = {
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
  honorCipherOrder: true,
  minVersion: 'TLSv1.2',
  ALPNProtocols: ['http/1.1'],
}

/** The routes over HTTP, or over TLS when there is a pair. It does not listen yet. */
export function serverOf({ cert, key }) {
  return cert
    ? https.createServer({ ...policy, cert: readFileSync(cert), key: readFileSync(key) }, routes)
    : http.createServer(routes)
}

/** Serves the routes on a port of 127.0.0.1. */
export function listen({ port, cert, key, reusePort = false }) {
  return serverOf({ cert, key }).listen({ host: '127.0.0.1', port, reusePort, backlog: 2048 })
}
