// One process that listens itself and has a certificate for each of many hosts.
import { readFileSync } from 'node:fs'
import { listen, policy } from './listen.mjs'

const { hosts, ...settings } = JSON.parse(process.argv[2])
const server = listen(settings)
for (const [host, { cert, key }] of Object.entries(JSON.parse(readFileSync(hosts, 'utf8'))))
  server.addContext(host, { ...policy, cert: readFileSync(cert), key: readFileSync(key) })
