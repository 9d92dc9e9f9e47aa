import type { Fault } from '../errors/launch-error.ts'
import { util } from '../platform/node/node-util.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'

/** The identity of the server. All else in a snapshot says which clients it trusts and what it negotiates. */
const identity: readonly (keyof PlannedTls)[] = ['chains', 'sni', 'leaf', 'ending']

export interface NextSnapshot {
  /** `null`: nothing has changed. */
  readonly tls: PlannedTls | null
  readonly sessionsKept: boolean
  readonly faults: readonly Fault[]
}

/**
 * What a reload installs. Ticket keys are kept while only the certificate changes. A session that is resumed shows no client
 * certificate again: with the old keys, a client of a CA that is no longer trusted would get in as authorised (seen with TLS 1.2
 * and 1.3), so a change of anything else ends all sessions.
 */
export function nextSnapshot(before: PlannedTls | null, after: PlannedTls | null): NextSnapshot {
  const unchanged = { tls: null, sessionsKept: true, faults: [] }
  if (!before || !after)
    return before === after ? unchanged : { ...unchanged, faults: [otherScheme(after !== null)] }
  if (isSame(before, after, ['ticketKeys'])) return unchanged
  const sessionsKept = isSame(before, after, [...identity, 'ticketKeys'])
  return {
    tls: sessionsKept ? { ...after, ticketKeys: before.ticketKeys } : after,
    sessionsKept,
    faults: [],
  }
}

function isSame(before: PlannedTls, after: PlannedTls, except: readonly (keyof PlannedTls)[]): boolean {
  const blank = Object.fromEntries(except.map((name) => [name, null]))
  return util.isDeepStrictEqual({ ...before, ...blank }, { ...after, ...blank })
}

function otherScheme(wantsTls: boolean): Fault {
  return {
    code: 'LOCKSTEP_ERR_RELOAD_NEEDS_START',
    message: wantsTls
      ? 'The server was started without TLS, and a certificate is set now.'
      : 'The server was started with TLS, and no certificate is set now.',
    hint: 'Stop the server and start it again: its scheme, which was announced, does not change while it runs.',
  }
}
