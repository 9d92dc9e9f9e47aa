import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import http, { type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { LaunchError, throwFaults } from '../errors/launch-error.ts'
import { controlEndpoint, controlFolder } from '../platform/control-endpoint.ts'
import { controlPaths, type ToldFaults, type ToldReload, type ToldStatus } from './control-messages.ts'

/** How long a server may take for what it can say at once. */
const promptMs = 5_000

/** A running server of this user, as the verbs reach it. */
export interface ControlledServer {
  /** As it was when it was found. */
  readonly status: ToldStatus
  /** Rejects with a `LaunchError` that has the server's own faults. */
  reload(): Promise<ToldReload>
  /** Resolves when the server has stopped. */
  stop(options?: { readonly force?: boolean }): Promise<void>
}

/** The servers of this user, or those of one process, in the order of their start. */
export async function findServers({
  pid,
}: {
  readonly pid?: number | undefined
} = {}): Promise<ControlledServer[]> {
  const named = files(controlFolder()).filter(
    (file) => pid === undefined || basename(file).startsWith(`${pid}-`),
  )
  const found = await Promise.all(named.map((file) => reach(file)))
  return found
    .filter((server) => server !== null)
    .sort((left, right) => left.status.startedAt.localeCompare(right.status.startedAt))
}

/** Whether anybody listens there: else the file is left over. One that does not answer may be busy, and counts. */
export async function isListening(file: string): Promise<boolean> {
  const socket = connect(controlEndpoint(file))
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    return !['ECONNREFUSED', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')
  } finally {
    socket.destroy()
  }
}

function files(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.sock'))
      .map((name) => join(folder, name))
  } catch {
    return [] // No server of this user has ever run.
  }
}

async function reach(file: string): Promise<ControlledServer | null> {
  if (!(await isListening(file))) return null
  const signal = AbortSignal.timeout(promptMs)
  const status = await answerOf<ToldStatus>(file, { method: 'GET', path: controlPaths.status, signal })
  if (!status) return null
  return {
    status,
    async reload() {
      const result = await answerOf<ToldReload>(file, { method: 'POST', path: controlPaths.reload })
      if (!result) throw unreachable(file, 'it is not ready')
      return result
    },
    async stop({ force = false } = {}) {
      const path = `${controlPaths.stop}${force ? '?force' : ''}`
      const response = await ask(file, { method: 'POST', path }).catch((cause: Error) => {
        throw unreachable(file, cause.message)
      })
      // Its end is cut off together with the server.
      await text(response).catch(() => '')
    },
  }
}

type Question = Pick<http.RequestOptions, 'method' | 'path' | 'signal'>

/** `null` while it starts. */
async function answerOf<Answer>(file: string, question: Question): Promise<Answer | null> {
  let told: { status: number | undefined; body: unknown }
  try {
    const response = await ask(file, question)
    told = { status: response.statusCode, body: JSON.parse(await text(response)) }
  } catch (cause) {
    throw unreachable(file, cause instanceof Error ? cause.message : String(cause))
  }
  if (told.status === 200) return told.body as Answer
  if (told.status === 503) return null
  throwFaults((told.body as ToldFaults).faults)
  throw unreachable(file, `it answered ${told.status} to ${question.method} ${question.path}`)
}

function ask(file: string, question: Question): Promise<IncomingMessage> {
  const request = http.request({ ...question, socketPath: controlEndpoint(file), agent: false })
  const answered = Promise.withResolvers<IncomingMessage>()
  request.once('response', answered.resolve).on('error', answered.reject).end()
  return answered.promise
}

function unreachable(file: string, reason: string): LaunchError {
  return new LaunchError({
    code: 'ERR_CONTROL_UNREACHABLE',
    message: `The server behind ${file} does not answer as expected: ${reason}.`,
    hint: 'Its log may say more. Use the version of Lockstep that started it.',
  })
}
