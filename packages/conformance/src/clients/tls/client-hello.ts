import { Duplex } from 'node:stream'
import { connect } from 'node:tls'

/** The first bytes that a TLS client of this Node sends (RFC 8446 section 4.1.2), as one record. */
export async function clientHello(): Promise<Buffer> {
  const hello = Promise.withResolvers<Buffer>()
  const wire = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      hello.resolve(chunk)
      done()
    },
  })
  const client = connect({ socket: wire, rejectUnauthorized: false })
  client.on('error', () => undefined)
  try {
    return await hello.promise
  } finally {
    client.destroy()
  }
}
