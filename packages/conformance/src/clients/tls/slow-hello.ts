import { once } from 'node:events'
import { connect } from 'node:net'

/**
 * Opens a connection and sends the beginning of a ClientHello byte by byte, or nothing at all, and returns the milliseconds until the server ended
 * it. Returns `null` if the server has not ended it at the deadline.
 */
export async function slowHello({
  host,
  port,
  bytes,
  everyMs = 50,
  deadlineMs,
}: {
  host: string
  port: number
  /** How many bytes are sent at most; 0 is a silent client. */
  bytes: number
  everyMs?: number
  deadlineMs: number
}): Promise<number | null> {
  // The server's clock starts when it accepts, which this process may learn late.
  const started = performance.now()
  const socket = connect({ host, port })
  socket.on('error', () => undefined)
  socket.resume()
  await once(socket, 'connect')
  const hello = beginningOfHello(bytes)
  let sent = 0
  const drip = setInterval(() => {
    if (sent < hello.length) socket.write(hello.subarray(sent, ++sent))
  }, everyMs)
  const ended = Promise.withResolvers<number | null>()
  const timer = setTimeout(() => ended.resolve(null), deadlineMs)
  socket.once('close', () => ended.resolve(performance.now() - started))
  try {
    return await ended.promise
  } finally {
    clearTimeout(timer)
    clearInterval(drip)
    socket.destroy()
  }
}

/** A record of the type handshake with a ClientHello that is longer than what is ever sent (RFC 8446 sections 4.1.2 and 5.1). */
function beginningOfHello(bytes: number): Buffer {
  const head = Buffer.from('1603010400' + '010003fc' + '0303', 'hex')
  return Buffer.concat([head, Buffer.alloc(1_000, 0x4c)]).subarray(0, bytes)
}
