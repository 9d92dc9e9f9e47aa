import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { LaunchError, type WorkerEvent } from '@lockstep/core'
import type { BackendHost, BoundAddress, PlannedTls, RunningServer } from '@lockstep/core/backend'
import { isErrorLike } from '@lockstep/core/internal'
import type { AnswersOf, ArgumentOf, HeardEvent, QuestionName } from './questions.ts'

/** What a backend does with its host. */
export interface HostRecord extends Pick<BackendHost, 'emit' | 'verify'> {
  readonly events: HeardEvent[]
  readonly verified: (readonly BoundAddress[])[]
  hasStarted: boolean
  refusesVerification: boolean
}

export function recordHost(): HostRecord {
  const record: HostRecord = {
    events: [],
    verified: [],
    hasStarted: false,
    refusesVerification: false,
    emit(event) {
      record.events.push(heard(event, { isInStart: !record.hasStarted }))
    },
    async verify(addresses) {
      record.verified.push(addresses)
      if (record.refusesVerification)
        throw new LaunchError({
          code: 'LOCKSTEP_ERR_VERIFY_FAILED',
          message: 'The case refuses whatever is verified.',
          hint: 'Keep the old worker.',
        })
    },
  }
  return record
}

function heard(event: WorkerEvent, { isInStart }: { isInStart: boolean }): HeardEvent {
  return {
    type: event.type,
    worker: 'worker' in event ? event.worker : null,
    pid: 'pid' in event ? event.pid : null,
    isExpected: event.type === 'worker:exited' ? event.expected : null,
    cause: 'cause' in event ? event.cause : null,
    isInStart,
  }
}

type Answering = {
  readonly [Name in QuestionName]: (argument: ArgumentOf<Name>) => AnswersOf<Name> | Promise<AnswersOf<Name>>
}

/** Answers the questions about a server that its backend has started with that host. */
export function answerQuestions(
  server: RunningServer,
  { host, tls }: { host: HostRecord; tls: PlannedTls | null },
): Answering {
  let end: AnswersOf<'stopped'> = null
  void server.stopped.then(({ error }) => {
    end = { error: error ? error.message : null }
  })
  const { supervisor } = server
  return {
    workers: () =>
      server.workers().map(({ id, pid, state, restarts, served }) => ({
        id,
        pid,
        state,
        restarts,
        requests: served?.requests ?? null,
      })),
    events: () => host.events,
    async stop(options) {
      const began = performance.now()
      await server.stop(options as Parameters<RunningServer['stop']>[0])
      return { tookMs: performance.now() - began }
    },
    stopped: () => end,
    announced: () => server.announced?.() as undefined,
    announceStop() {
      server.announceStop?.()
      return server.announceStop !== undefined
    },
    listenerFailure: () =>
      server.listenerFailure ? { code: server.listenerFailure()?.code ?? null } : false,
    async reopenLogs() {
      await server.reopenLogs?.()
      return server.reopenLogs !== undefined
    },
    async applyUnusableTls() {
      if (!tls) throw new TypeError('the case needs a plan with TLS')
      const chains = tls.chains.map((chain) => ({ ...chain, key: 'this is not a key' }))
      return server.applyTls({ ...tls, chains }).then(
        () => ({ isRefused: false }),
        () => ({ isRefused: true }),
      )
    },
    watchAccepts: () => watchTwoConnections(server),
    async supervisor() {
      if (!supervisor) return false
      const stacks = await supervisor.stacks()
      return {
        wanted: supervisor.wanted,
        failing: supervisor.failing().length,
        stacks: stacks.map(({ worker }) => worker),
      }
    },
    async restart({ worker }) {
      if (!supervisor) return 'it has no supervisor'
      return supervisor.restart(worker).then(
        () => null,
        (error: unknown) => (error instanceof LaunchError ? error.code : nameOf(error)),
      )
    },
    verified: () => host.verified,
    refuseVerification() {
      host.refusesVerification = true
      return undefined
    },
  }
}

function nameOf(error: unknown): string {
  return isErrorLike(error) ? error.name : String(error)
}

async function watchTwoConnections(server: RunningServer): Promise<AnswersOf<'watchAccepts'>> {
  const own = server.addresses.find((address) => address.kind === 'tcp')
  if (!server.watchAccepts || !own) return false
  using watch = await server.watchAccepts()
  const other = createServer((socket) => socket.end('another')).listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const sockets = await Promise.all([opened(own), opened({ host: '127.0.0.1', port })])
  const [toOwn = '', toAnother = ''] = sockets.map(({ ends }) => ends)
  const accepted = await watch.accepted([toOwn, toAnother])
  for (const { socket } of sockets) socket.destroy()
  other.close()
  return { own: accepted.has(toOwn), another: accepted.has(toAnother) }
}

/** With both ends in the form of `ConnectionEnds`. */
async function opened({
  host,
  port,
}: {
  host: string
  port: number
}): Promise<{ socket: Socket; ends: string }> {
  const socket = connect(port, host)
  await once(socket, 'connect')
  const ends = `${socket.localAddress}:${socket.localPort} ${socket.remoteAddress}:${socket.remotePort}`
  // The server may see it a moment later than the client.
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(socket, 'data').catch(() => undefined)
  return { socket, ends }
}
