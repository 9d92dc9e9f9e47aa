import { AssertionError } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { missedDeadline } from '../clients/missed-deadline.ts'
import type { FromSubject, ToSubject } from './messages.ts'
import type { SubjectProcess } from './subject-runtime.ts'
import { decodeMessage, encodeMessage } from './wire-format.ts'

/**
 * The line between the suite and a subject's process, which connects to it: a TCP connection on loopback, because that is what
 * every runtime shares.
 */
export interface ControlLine {
  readonly port: number
  send(message: ToSubject): void
  /** The next thing that the subject says. Rejects when it ends instead, or says nothing before the deadline. */
  next(process: SubjectProcess, deadlineMs: number): Promise<FromSubject>
  close(): void
}

export async function openControlLine(): Promise<ControlLine> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const connected = once(server, 'connection').then(([socket]) => socket as Socket)
  const heard: FromSubject[] = []
  let onHeard: () => void = () => undefined
  connected.then(
    (socket) => {
      socket.on('error', () => undefined)
      createInterface({ input: socket }).on('line', (line) => {
        heard.push(decodeMessage(line) as FromSubject)
        onHeard()
      })
    },
    () => undefined,
  )
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    send: (message) => void connected.then((socket) => socket.write(encodeMessage(message))),
    async next(process, deadlineMs) {
      const said = Promise.withResolvers<void>()
      onHeard = said.resolve
      const timer = setTimeout(
        () => said.reject(missedDeadline(deadlineMs, 'the subject to say something')),
        deadlineMs,
      )
      const died = process.ended.then(({ code, signal }) => {
        if (heard.length === 0) throw new AssertionError({ message: `the subject ended (${signal ?? code})` })
      })
      try {
        if (heard.length === 0) await Promise.race([said.promise, died])
        return heard.shift() as FromSubject
      } finally {
        clearTimeout(timer)
      }
    },
    close() {
      connected.then(
        (socket) => socket.destroy(),
        () => undefined,
      )
      server.close()
    },
  }
}
