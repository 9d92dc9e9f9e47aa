import type { ReplacementCause, StopUrgency } from '../backends/server-backend.ts'
import { isErrorLike, stackOf } from '../errors/thrown.ts'
import type { LogFields, Logger } from '../log/logger.ts'
import { formatBindAddress } from '../platform/net/address/format-bind-address.ts'
import type { ReloadResult } from '../reload/reload-result.ts'
import { reasonInWords } from '../serve/tls/refusal-reasons.ts'
import { expiryWarning, hasExpired } from '../tls/expiring-certificates.ts'
import type { LeafFacts } from '../tls/planned-tls.ts'
import type { LaunchEvent } from './launch-event.ts'

type Line = readonly [level: keyof Logger, message: string, fields?: LogFields]

/** Writes an event to the log. */
export function logEvent(event: LaunchEvent, log: Logger): void {
  for (const [level, message, fields] of linesOf(event)) log[level](message, fields)
}

function linesOf(event: LaunchEvent): readonly Line[] {
  switch (event.type) {
    case 'worker:ready':
      return [['debug', `worker ${event.worker} is ready`, { workerPid: event.pid, app: event.app }]]
    case 'worker:exited': {
      const fields = { workerPid: event.pid, code: event.code, signal: event.signal }
      return [
        event.expected
          ? ['debug', `worker ${event.worker} ended`, fields]
          : ['warn', `worker ${event.worker} died`, fields],
      ]
    }
    case 'worker:restarting':
      return [['info', `worker ${event.worker} is replaced`, { delayMs: event.delayMs }]]
    case 'worker:blocked':
      return [
        [
          'error',
          `worker ${event.worker} blocks its event loop and is killed`,
          {
            workerPid: event.pid,
            silentMs: event.silentMs,
            stack: event.stack?.map((frame) => `    at ${frame}`).join('\n') ?? 'it could not be looked at',
          },
        ],
      ]
    case 'worker:recycling':
      return [
        [
          'info',
          `worker ${event.worker} is replaced: ${recycleReasons[event.cause]}`,
          { workerPid: event.pid },
        ],
      ]
    case 'worker:replaced':
      return [
        [
          'info',
          `worker ${event.worker} was replaced`,
          { workerPid: event.pid, before: event.before, cause: event.cause },
        ],
      ]
    // What the app says is for the program that launched it.
    case 'client:refused':
      return [
        [
          'info',
          `a client was refused for its certificate: ${reasonInWords(event.reason)}`,
          {
            client: event.address,
            subject: event.subject,
            serialNumber: event.serialNumber,
            issuer: event.issuer,
            count: event.count,
          },
        ],
      ]
    case 'message:received':
      return [['debug', `worker ${event.worker} sent a message`, { workerPid: event.pid }]]
    case 'scaled':
      return [['info', `scaled from ${event.from} to ${event.to} workers`]]
    case 'worker:failing':
      return [
        [
          'error',
          `degraded: worker ${event.worker} has failed ${event.failures} times in a row; the others serve on, and it is tried again`,
          { reason: event.reason },
        ],
      ]
    case 'worker:recovered':
      return [['info', `worker ${event.worker} serves again`]]
    case 'listening':
      return event.addresses.flatMap((address): Line[] => [
        ['debug', `listening on ${formatBindAddress(address)}`],
        ...(address.kind === 'tcp' && address.movedFrom !== undefined
          ? [['warn', `port ${address.movedFrom} is taken, using ${address.port}`] satisfies Line]
          : []),
      ])
    case 'starting':
      return [['debug', 'starting', { backend: event.backend, reason: event.reason }]]
    // The caller gets the error and reports it.
    case 'failed':
      return [['debug', 'failed', { code: event.error.code }]]
    case 'verified':
      return [['debug', 'verified on the wire', { durationMs: event.verification.durationMs }]]
    case 'ready':
      return [['debug', 'ready', { urls: event.urls }]]
    case 'reloading':
      return [['debug', 'reloading', { cause: event.cause }]]
    case 'reloaded':
      return [reloadedLine(event.result)]
    case 'reload:failed':
      return event.error.faults.map(({ code, message, hint, cause }) => [
        'error',
        `reload failed, and the server goes on: ${message} ${hint}`,
        {
          ...{ code, cause: event.cause },
          ...(event.served && served(event.served)),
          // Without it, the error of an app would say what failed, and not where.
          ...(code === 'LOCKSTEP_ERR_APP_LOAD' &&
            isErrorLike(cause) && { stack: withoutNode(stackOf(cause)) }),
        },
      ])
    case 'logs:reopened':
      return event.files.length === 0
        ? [['info', 'no log is written to a file, so none was opened again']]
        : [
            [
              'info',
              'logs were opened again',
              {
                files: event.files,
                processes: event.processes,
                ...(event.draining > 0 && { draining: event.draining }),
              },
            ],
          ]
    case 'certificate:expiring':
      return [
        [
          hasExpired(event.leaf, event.at) ? 'error' : 'warn',
          expiryWarning({ ...event.leaf, role: event.role }, event.at),
          served(event.leaf),
        ],
      ]
    case 'stopping':
      return [['info', stoppingLines[event.urgency]]]
    case 'stopped':
      return [event.error ? ['error', 'stopped', { reason: event.error.message }] : ['info', 'stopped']]
  }
}

const recycleReasons = {
  reload: 'the app is reloaded',
  restart: 'a restart was asked for',
  requests: 'it has answered as many requests as it may',
  lifetime: 'it has served as long as it may',
  memory: 'it has held more memory than it may for a while',
  descriptors: 'it has had no free descriptor for a while',
} as const satisfies Record<ReplacementCause, string>

const stoppingLines = {
  graceful: 'stopping: waiting for requests in flight, stop again to cut them',
  hurry: 'stopping at once: connections are cut',
  kill: 'killing what is left',
} as const satisfies Record<StopUrgency, string>

/** A reload must not look as if it had loaded the app again. */
const appIsKept = "the app is as it was: one process can't load it again"

function reloadedLine({
  cause,
  config,
  changed,
  replaced,
  appKept,
  before,
  after,
  sessionsKept,
  ...figures
}: ReloadResult): Line {
  // Don't log a no-op reload that the file watcher triggered; the user may already have reloaded by hand.
  const asked = cause !== 'file' && cause !== 'renewal' && cause !== 'retry'
  if (!changed && replaced > 0)
    return [
      'info',
      'reloaded: every worker was replaced',
      { cause, config, replaced, durationMs: figures.durationMs },
    ]
  if (!changed) {
    const nothing = 'reloaded: nothing has changed'
    if (appKept) return ['warn', `${nothing}, and ${appIsKept}`, { cause, config }]
    return [asked ? 'info' : 'debug', nothing, { cause, config }]
  }
  const { acknowledgedMs, durationMs, workers, verification } = figures
  return [
    appKept ? 'warn' : 'info',
    appKept ? `reloaded and in use, but ${appIsKept}` : 'reloaded and in use by every worker',
    {
      cause,
      config,
      before: before?.fingerprint256,
      ...(after && served(after)),
      sessionsKept,
      replaced,
      workers,
      acknowledgedMs,
      durationMs,
      verified: verification !== null,
    },
  ]
}

function served({ fingerprint256, notAfter }: LeafFacts): LogFields {
  return { fingerprint256, expires: notAfter.toISOString() }
}

/** The frames of Node are not where the mistake is. */
function withoutNode(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !/^\s+at (?:.*\()?node:/.test(line))
    .join('\n')
}
