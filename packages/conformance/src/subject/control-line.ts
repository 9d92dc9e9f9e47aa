import { AssertionError } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { inTime } from '../clients/missed-deadline.ts'
import type { QuestionName } from './inside/questions.ts'
import type { AnswerOfSubject, FromSubject, ToSubject } from './messages.ts'
import type { SubjectProcess } from './subject-runtime.ts'
import { decodeMessage, encodeMessage } from './wire-format.ts'

/**
 * The line between the suite and a subject's process, which connects to it: a TCP connection on loopback, because that is what
 * every runtime shares.
 */
export interface ControlLine {
  readonly port: number
  send(message: ToSubject): void
  /**
   * The next thing that the subject says. Rejects when it ends instead, or says nothing before the deadline: then `call`, such as `start()`, has
   * not settled.
   */
  next(
    process: SubjectProcess,
    awaited: { readonly call: string; readonly deadlineMs: number },
  ): Promise<Exclude<FromSubject, AnswerOfSubject>>
  /** Asks the subject something while other questions may be open. Rejects when it can't answer, or not before the deadline. */
  ask(process: SubjectProcess, asked: { question: QuestionName; argument: unknown }): Promise<unknown>
  close(): void
}

const answerDeadlineMs = 20_000

function unsettled(call: string, deadlineMs: number): AssertionError {
  return new AssertionError({
    message: `${call} has neither resolved nor rejected in ${deadlineMs / 1_000} s`,
  })
}

export async function openControlLine(): Promise<ControlLine> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const connected = once(server, 'connection').then(([socket]) => socket as Socket)
  const heard: Exclude<FromSubject, AnswerOfSubject>[] = []
  const asked = new Map<number, (answer: AnswerOfSubject) => void>()
  let questions = 0
  let onHeard: () => void = () => undefined
  connected.then(
    (socket) => {
      socket.on('error', () => undefined)
      createInterface({ input: socket }).on('line', (line) => {
        const message = decodeMessage(line) as FromSubject
        if (message.type === 'answer') return asked.get(message.number)?.(message)
        heard.push(message)
        onHeard()
      })
    },
    () => undefined,
  )
  const send = (message: ToSubject): void =>
    void connected.then((socket) => socket.write(encodeMessage(message)))
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    send,
    async ask(process, { question, argument }) {
      const number = questions++
      const answered = new Promise<AnswerOfSubject>((resolve) => asked.set(number, resolve))
      send({ type: 'ask', number, question, argument })
      const died = process.ended.then(({ code, signal }): never => {
        throw new AssertionError({
          message: `the subject ended (${signal ?? code}) when it was to ${question}`,
        })
      })
      died.catch(() => undefined)
      const { answer, fault } = await inTime(
        Promise.race([answered, died]),
        answerDeadlineMs,
        `${question} to settle`,
      )
      asked.delete(number)
      if (fault !== null) throw new AssertionError({ message: `${question} failed: ${fault}` })
      return answer
    },
    async next(process, { call, deadlineMs }) {
      const said = Promise.withResolvers<void>()
      onHeard = said.resolve
      const timer = setTimeout(() => said.reject(unsettled(call, deadlineMs)), deadlineMs)
      const died = process.ended.then(({ code, signal }) => {
        if (heard.length === 0) throw new AssertionError({ message: `the subject ended (${signal ?? code})` })
      })
      try {
        if (heard.length === 0) await Promise.race([said.promise, died])
        return heard.shift() as Exclude<FromSubject, AnswerOfSubject>
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
