import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { connect } from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isAccessDenied } from '../errors/file-error.ts'
import { LaunchError, throwFaults } from '../errors/launch-error.ts'
import { codeOf, messageOf } from '../errors/thrown.ts'
import { controlEndpoint, controlFolder } from '../platform/net/control-endpoint.ts'
import { http } from '../platform/node/node-http.ts'
import { isAlive } from '../platform/process/is-alive.ts'
import type { ReloadScope } from '../reload/reload-result.ts'
import { answerLimits, controlLimits } from './control-limits.ts'
import {
  controlRequests,
  type ToldFault,
  type ToldProgress,
  type ToldReload,
  type ToldStatus,
  type VerbName,
  type VerbResults,
} from './control-messages.ts'
import { deniedServer } from './denied-server.ts'
import { readAnswer } from './read-answer.ts'
import { untrustedControlFolder } from './untrusted-control-folder.ts'

/** Called with the progress of a verb while it runs. */
export type ProgressListener = (progress: ToldProgress) => void

/** What each verb takes. */
export interface VerbOptions {
  readonly onProgress?: ProgressListener | undefined
}

/** A running server of this user, as the verbs reach it. Each rejects with a `LaunchError` that has the server's own faults. */
export interface ControlledServer {
  /** As it was when it was found. */
  readonly status: ToldStatus
  /** As it is now. */
  look(): Promise<ToldStatus>
  reload(options?: VerbOptions & { readonly scope?: ReloadScope }): Promise<ToldReload>
  /** To a number such as `3`, or by a change such as `+1`. Returns how many there should be now. */
  scale(workers: string, options?: VerbOptions): Promise<number>
  restart(worker: number, options?: VerbOptions): Promise<void>
  stacks(): Promise<VerbResults['stacks']>
  /** Makes every process of the server reopen its logs. */
  reopenLogs(): Promise<VerbResults['reopen-logs']>
  /** Resolves when the server has stopped, and its process has ended if that belongs to the server. Asked again meanwhile, the server hurries, and then kills. */
  stop(options?: VerbOptions & { readonly force?: boolean }): Promise<void>
}

/**
 * The servers of this user, or those of one process, in the order of their start. One that does not answer as expected, such as that
 * of another version, is reported and left out; if it is the one that was asked for, it is thrown.
 */
export async function findServers({
  pid,
  onUnreachable,
}: {
  readonly pid?: number | undefined
  readonly onUnreachable?: (error: LaunchError) => void
} = {}): Promise<ControlledServer[]> {
  throwFaults(untrustedControlFolder(null))
  const named = files(controlFolder()).filter(
    (file) => pid === undefined || basename(file).startsWith(`${pid}-`),
  )
  const found = await Promise.allSettled(named.map((file) => reach(file)))
  const servers: ControlledServer[] = []
  for (const outcome of found) {
    if (outcome.status === 'fulfilled') servers.push(...(outcome.value ? [outcome.value] : []))
    else if (pid === undefined && outcome.reason instanceof LaunchError) onUnreachable?.(outcome.reason)
    else throw outcome.reason
  }
  return servers.sort((left, right) => left.status.startedAt.localeCompare(right.status.startedAt))
}

/** Whether anybody listens there: else the file is left over. One that does not answer may be busy, and counts. */
export async function isListening(file: string): Promise<boolean> {
  const socket = connect(controlEndpoint(file))
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(answerLimits.promptMs) })
    return true
  } catch (error) {
    return !['ECONNREFUSED', 'ENOENT'].includes(codeOf(error))
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
  const look = (): Promise<ToldStatus | null> =>
    ask(file, { verb: 'status', signal: AbortSignal.timeout(answerLimits.promptMs) })
  const status = await look()
  if (!status) return null
  const required = async <Result>(answer: Promise<Result | null>): Promise<Result> => {
    const result = await answer
    if (result === null) throw unreachable(file, 'it is not ready')
    return result
  }
  return {
    status,
    look: () => required(look()),
    reload: ({ scope = 'all', onProgress } = {}) =>
      required(ask(file, { verb: 'reload', given: { scope }, onProgress })),
    scale: async (workers, { onProgress } = {}) =>
      (await required(ask(file, { verb: 'scale', given: { workers }, onProgress }))).workers,
    async restart(worker, { onProgress } = {}) {
      await required(ask(file, { verb: 'restart', given: { worker: String(worker) }, onProgress }))
    },
    stacks: () => required(ask(file, { verb: 'stacks' })),
    reopenLogs: () => required(ask(file, { verb: 'reopen-logs' })),
    async stop({ force = false, onProgress } = {}) {
      await ask(file, { verb: 'stop', given: force ? { force: '' } : {}, onProgress })
      // The answer ends just before the process does, which may still be writing.
      if (status.ownsProcess) await whenGone(status.pid)
    },
  }
}

/** Gives up after a while: a process that its parent has not waited for looks alive. */
async function whenGone(pid: number): Promise<void> {
  const end = performance.now() + answerLimits.exitMs
  while (isAlive(pid) && performance.now() < end) await pause(exitPollMs)
}

const exitPollMs = 5

interface Question<Verb extends VerbName> {
  readonly verb: Verb
  readonly given?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  readonly onProgress?: ProgressListener | undefined
}

/** `null` while the server starts, and from one that stops: its answer is cut off together with it. */
async function ask<Verb extends VerbName>(
  file: string,
  { verb, given = {}, signal, onProgress }: Question<Verb>,
): Promise<VerbResults[Verb] | null> {
  const { method, path } = controlRequests[verb]
  const query = new URLSearchParams(given)
  const response = await send({
    method,
    path: `${path}?${query}`,
    socketPath: controlEndpoint(file),
    agent: false,
    ...(signal && { signal }),
  }).catch((cause: Error) => {
    throw isAccessDenied(cause) ? new LaunchError(deniedServer(file)) : unreachable(file, cause.message)
  })
  if (response.statusCode === 503) return null
  if (response.statusCode !== 200)
    throw unreachable(file, `it answered ${response.statusCode} to ${method} ${path}`)
  try {
    for await (const line of readAnswer(response, verb)) {
      if ('progress' in line) onProgress?.(line.progress)
      else if ('result' in line) return line.result
      else throw new LaunchError(line.faults as readonly [ToldFault, ...ToldFault[]])
    }
  } catch (cause) {
    if (cause instanceof LaunchError) throw cause
    // It ends together with the server.
    if (verb !== 'stop') throw unreachable(file, messageOf(cause))
  } finally {
    response.destroy()
  }
  if (verb !== 'stop') throw unreachable(file, 'its answer was cut off')
  return null
}

function send(options: RequestOptions): Promise<IncomingMessage> {
  const answered = Promise.withResolvers<IncomingMessage>()
  http
    .request({ ...options, maxHeaderSize: controlLimits.requestBytes })
    .once('response', answered.resolve)
    .on('error', answered.reject)
    .end()
  return answered.promise
}

function unreachable(file: string, reason: string): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_CONTROL_UNREACHABLE',
    message: `The server behind ${file} does not answer as expected: ${reason}.`,
    hint: 'Its log may say more. Use the version of Lockstep that started it.',
  })
}
