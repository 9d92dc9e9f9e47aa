import type { StopSignal } from '../../../app/app-signals.ts'
import type { AskedListen } from '../../../app/listen/asked-listen.ts'
import type { SerialisedFault } from '../../../errors/serialise-error.ts'
import type { LaunchPlan } from '../../../plan/launch-plan.ts'
import type { ConnectionEnds } from '../../../platform/net/accept-watch.ts'
import type { BoundAddress } from '../../../platform/net/address/bound-address.ts'
import type { ServedCounts } from '../../../serve/served-counts.ts'
import type { RefusalReport } from '../../../serve/tls/refusal-reports.ts'
import type { PlannedTls } from '../../../tls/planned-tls.ts'
import type { AskedToEnd } from '../../places/placed-worker.ts'
import type { MemorySample } from '../policy/recycle-policy.ts'
import type { Sibling, SiblingSeat } from '../siblings/sibling.ts'
import type { WorkerSurroundings } from './worker-surroundings.ts'

/**
 * What the primary says to a worker. A `connection`, a `listen` and an `app-port` come with a socket, over Node's own channel; all else comes over the
 * launcher's pipe. All are numbered, and the worker puts them back into their order.
 */
export type ToWorker =
  | {
      readonly type: 'start'
      readonly plan: LaunchPlan
      readonly worker: number
      readonly surroundings: WorkerSurroundings
      /** After how many requests it says `requests-served`; `null`: never. */
      readonly maxRequests: number | null
      /** Where it takes the requests that others pass on; `null`: they pass none on. */
      readonly seat: SiblingSeat | null
      /** Where the server listens already; `null`: nothing is bound yet, and `opened` will say it. */
      readonly addresses: readonly BoundAddress[] | null
    }
  /** All addresses are bound: for an app whose server waits for it. */
  | { readonly type: 'opened'; readonly addresses: readonly BoundAddress[] }
  /** These take requests that are passed on. Answered by `siblings-known`. */
  | { readonly type: 'siblings'; readonly request: number; readonly siblings: readonly Sibling[] }
  /** Answered by `accepted`, or by `missed` when its socket did not arrive. */
  | { readonly type: 'connection'; readonly redirection: Redirection | null }
  /** First phase of a new TLS snapshot: build what it needs. Answered by `tls-prepared` or `tls-failed`. */
  | { readonly type: 'prepare-tls'; readonly snapshot: number; readonly tls: PlannedTls }
  /** Second phase: use it. Answered by `tls-committed`. */
  | { readonly type: 'commit-tls'; readonly snapshot: number }
  /** Accept from this socket, which comes along. Answered by `listening`, `listen-failed` or `missed`. */
  | {
      readonly type: 'listen'
      readonly socket: number
      readonly address: BoundAddress
      readonly backlog: number
      readonly redirection: Redirection | null
      /** Closing it for good is up to this launch: it is a port, and not one that a service manager holds. */
      readonly isOurs: boolean
    }
  /** The port of the app that was asked for comes along: let its server listen on it. Answered by `missed` when it did not arrive. */
  | { readonly type: 'app-port'; readonly request: number }
  /** With the code of the system's error. */
  | { readonly type: 'app-port-refused'; readonly request: number; readonly code: string }
  /** Accept no more from this socket; others do. */
  | { readonly type: 'unlisten'; readonly socket: number }
  /** The server stops, and another worker has all sockets by now: close yours at once. Answered by `left`. */
  | { readonly type: 'leave' }
  /** Accept no more at all, after what waits already: no other worker will. */
  | { readonly type: 'unlisten-all' }
  /** Remember the connections that you accept from now on. Answered by `watching-accepts`. */
  | { readonly type: 'watch-accepts'; readonly request: number }
  /** Remember no connection any more. */
  | { readonly type: 'forget-accepts' }
  /** Which of these connections have you accepted? Answered by `accepted-of`. */
  | {
      readonly type: 'which-accepted'
      readonly request: number
      readonly connections: readonly ConnectionEnds[]
    }
  /** Open the access log and the key log again. Answered by `logs-reopened`. */
  | { readonly type: 'reopen-logs'; readonly request: number }
  /** The server as a whole is about to stop: it is not ready any more, and serves on. */
  | { readonly type: 'announce-stop' }
  /** No more connections follow. End by yourself once all requests are answered; the app's listeners get this signal then. */
  | { readonly type: 'drain'; readonly deadlineMs: number; readonly signal: StopSignal }
  /** Cut what is still open, and end. */
  | { readonly type: 'hurry' }

/** A connection that is to be sent on to HTTPS, on this port. */
export interface Redirection {
  readonly httpsPort: number
}

/** What is sent with a socket. */
export type WithSocket = Extract<ToWorker, { type: 'connection' | 'listen' | 'app-port' }>

/** A message as it travels. */
export interface Numbered<Message> {
  readonly number: number
  readonly message: Message
}

/** What a worker says to the primary, which parses it as a stranger's (`wire/parse-from-worker.ts`). */
export type FromWorker =
  /** Sent by the event loop, so it is not blocked. Contains the memory that the worker holds, and what it has served so far. */
  | { readonly type: 'beat'; readonly memory: MemorySample | null; readonly served: ServedCounts }
  | {
      readonly type: 'ready'
      readonly app: string
      /** What the app asked for by its own `listen()`; `null`: it did not call it. */
      readonly listen: AskedListen | null
    }
  /** The app opens a port of `appPorts`. Answered by `app-port` or `app-port-refused`. */
  | { readonly type: 'open-app-port'; readonly request: number; readonly listen: AskedListen }
  /** It can't boot, or an exception that nothing caught ends it. */
  | { readonly type: 'failed'; readonly faults: readonly SerialisedFault[] }
  /** A listener of the app for `listening` or for connections has failed. Said once. */
  | { readonly type: 'listener-failed'; readonly faults: readonly SerialisedFault[] }
  /** The socket of the connection with this number is held here now; the primary may close its own copy. */
  | { readonly type: 'accepted'; readonly number: number }
  /** The message with this number came without its socket. */
  | { readonly type: 'missed'; readonly number: number }
  | { readonly type: 'tls-prepared' | 'tls-committed' }
  | { readonly type: 'tls-failed'; readonly faults: readonly SerialisedFault[] }
  | {
      readonly type: 'logs-reopened'
      readonly request: number
      /** What could not be opened. */
      readonly faults: readonly SerialisedFault[]
    }
  | { readonly type: 'siblings-known'; readonly request: number }
  /** It has refused a client for its certificate. */
  | ({ readonly type: 'client-refused' } & RefusalReport)
  /** It has answered as many requests as it was to, and goes on. */
  | { readonly type: 'requests-served' }
  /** It accepts from the socket of the message with this number. */
  | { readonly type: 'listening'; readonly number: number }
  /** With the code of the system's error. */
  | { readonly type: 'listen-failed'; readonly number: number; readonly code: string }
  | { readonly type: 'watching-accepts'; readonly request: number }
  /** It has accepted those of the connections that were asked for. */
  | { readonly type: 'accepted-of'; readonly request: number; readonly indexes: readonly number[] }
  /** It accepts from no socket any more. */
  | { readonly type: 'left' }
  /** The worker itself was asked to end, by SIGTERM or by its app. */
  | { readonly type: 'leaving'; readonly by: AskedToEnd }

/**
 * How often a worker beats: several times within the hang timeout, so that one late beat is not a hang, and often enough to notice one
 * that is busy.
 */
export function beatIntervalMs(hangMs: number): number {
  return Math.max(20, Math.min(1_000, hangMs / 5))
}
