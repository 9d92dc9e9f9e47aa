import { connect } from 'node:net'

const request = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'

/** Clients that open a connection for each request, until the server refuses one. */
export interface NewConnections {
  answered(): number
  /** Resolves when all clients have ended, with the reason for each lost request whose connection was open. */
  readonly lost: Promise<readonly string[]>
}

export function startNewConnections(
  { host, port }: { host: string; port: number },
  { clients }: { clients: number },
): NewConnections {
  const lost: string[] = []
  let answered = 0
  let going = true
  const ask = (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const socket = connect({ host, port })
    let isOpen = false
    let received = ''
    let reason = 'the connection was closed'
    socket.setEncoding('latin1').once('connect', () => {
      isOpen = true
      socket.write(request)
    })
    socket.on('data', (text) => {
      received += String(text)
    })
    socket.once('error', (error) => {
      reason = error.message
    })
    socket.once('close', () => {
      if (received.startsWith('HTTP/1.1 200 ')) answered += 1
      else if (isOpen) lost.push(reason)
      else going = false
      resolve()
    })
    return promise
  }
  const run = async (): Promise<void> => {
    while (going) await ask()
  }
  const ended = Promise.all(Array.from({ length: clients }, run))
  return { answered: () => answered, lost: ended.then(() => lost) }
}
