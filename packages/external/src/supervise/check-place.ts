import { connect } from 'node:net'
import {
  type ListeningPlace,
  type Logger,
  type PrivatePlace,
  proveListening,
  type StartedProgram,
  speaksOwnTls,
} from '@lockstep/core/internal'
import { closesUnused } from './await-ready.ts'
import { exposesItself, listensElsewhere, placeIsTaken, takesUpTls } from './program-faults.ts'
import { showPlace } from './show-place.ts'

/** How long a program may take to read from its first connection. Some never close one that is unused. */
const takesMs = 1_000

/** How long a socket may take to show that it speaks HTTP. */
const answerMs = 2_000

/**
 * Checks that a program that is ready listens where it was asked to, that it is this program and not another process, that no other machine reaches it
 * there in plain HTTP, past the server in front, and that it does not speak TLS itself. Throws a `LaunchError`.
 */
export async function checkPlace({
  id,
  title,
  program,
  words,
  place,
  log,
}: {
  id: number
  title: string
  program: StartedProgram
  /** The command that started it. */
  words: readonly string[]
  place: PrivatePlace
  log: Logger
}): Promise<void> {
  if (await speaksOwnTls(place, words)) throw takesUpTls({ title, place })
  // The system accepts connections as soon as the program listens. Once it reads from one, it has also opened what it opens beside.
  await closesUnused(place, AbortSignal.timeout(takesMs))
  const proof = await proveListening(program, place)
  switch (proof.is) {
    case 'proven': {
      const speaking = await Promise.all(
        proof.exposed.map(async (one) => ((await isExposed(one, place)) ? [one] : [])),
      )
      const [first, ...others] = speaking.flat()
      if (first) throw exposesItself({ title, place, exposed: [first, ...others] })
      if (proof.exposed.length > 0)
        log.warn(`${title} also listens where other machines reach it, but not for HTTP`, {
          worker: id,
          addresses: proof.exposed.map(showPlace),
        })
      return
    }
    case 'elsewhere':
      throw listensElsewhere({ title, place, places: proof.places })
    case 'taken':
      throw placeIsTaken({ title, place, pid: proof.pid })
    case 'unseen':
      log.warn(`this system does not show which process listens at ${showPlace(place)}`, { worker: id })
  }
}

/** At the port of the place it is the program's HTTP for certain. At another one it may be anything, such as the protocol of a cluster. */
async function isExposed(one: ListeningPlace, place: PrivatePlace): Promise<boolean> {
  if (one.kind !== 'tcp') return false
  return (place.kind === 'tcp' && one.port === place.port) || speaksHttp(one)
}

/** Whether an answer to a request without effect (RFC 9110 section 9.3.7) begins as HTTP does. */
function speaksHttp({ host, port }: { host: string; port: number }): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const socket = connect({ host: reachable, port })
  const end = (isHttp: boolean): void => {
    socket.destroy()
    resolve(isHttp)
  }
  let answer = ''
  socket.setTimeout(answerMs, () => end(false))
  socket.once('error', () => end(false))
  socket.once('close', () => end(false))
  socket.once('connect', () =>
    socket.write('OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
  )
  socket.on('data', (bytes: Buffer) => {
    answer += bytes.toString('latin1')
    if (answer.length >= httpBegin.length) end(answer.startsWith(httpBegin))
  })
  return promise
}

const httpBegin = 'HTTP/'
