import { once } from 'node:events'
import { connect } from 'node:tls'

const atOnce = 4
/** The step between hosts. A prime number, so that every host is visited. */
const step = 7_919

/** Makes full handshakes for one host after the other, for this long. Returns their number, and the number per second. */
export async function handshakesByHost({ host, port }, { seconds, hosts }) {
  const began = performance.now()
  const end = began + seconds * 1_000
  let count = 0
  const client = async () => {
    while (performance.now() < end) {
      count += 1
      await handshake({ host, port, servername: hosts[(count * step) % hosts.length] })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, client))
  return { count, perSecond: (count * 1_000) / (performance.now() - began) }
}

async function handshake(where) {
  const socket = connect({ ...where, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  // A client that cuts the connection makes the server handle a failure.
  socket.resume().end()
  await once(socket, 'close')
}
