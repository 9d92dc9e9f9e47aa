import { Duplex } from 'node:stream'
import tls from 'node:tls'

/** The first bytes that a TLS client of this Node sends, as one record. */
export async function clientHello() {
  const hello = Promise.withResolvers()
  const wire = new Duplex({
    read: () => undefined,
    write: (chunk, _encoding, done) => {
      hello.resolve(chunk)
      done()
    },
  })
  const client = tls.connect({ socket: wire, rejectUnauthorized: false })
  client.on('error', () => undefined)
  const bytes = await hello.promise
  client.destroy()
  return bytes
}
