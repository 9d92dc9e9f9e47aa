import { findProgram } from './find-program.ts'
import { within } from './within.ts'

/** The socket of a service manager. */
export interface ServiceManagerLine {
  /** Sends assignments such as `READY=1` as one message, after those before it. Never throws and is never waited for. */
  send(assignments: readonly string[]): void
  /** How many messages wait to be sent. */
  readonly waiting: number
  /** Settles when all is sent, or after a second. */
  sent(): Promise<void>
}

const sendLimitMs = 10_000
const farewellMs = 1_000

interface Log {
  warn(message: string, fields: Readonly<Record<string, unknown>>): void
  debug(message: string, fields: Readonly<Record<string, unknown>>): void
}

/**
 * Speaks sd_notify(3) by systemd-notify(1), since Node has no datagram sockets of the UNIX domain. As root it sends in the name of the
 * process that has started it, this one, which is what NotifyAccess=main asks for; another user sends in its own, for which a
 * unit needs NotifyAccess=all. Each message is waited for until systemd has read it, so that the sender is still there to be looked up.
 */
export function openServiceManagerLine({
  notifySocket,
  log,
}: {
  notifySocket: string
  log: Log
}): ServiceManagerLine {
  let waiting = 0
  let last = Promise.resolve()
  let isBroken = false
  const deliver = async (assignments: readonly string[]): Promise<void> => {
    const problem = isBroken ? null : await sendOnce(assignments, notifySocket)
    waiting -= 1
    if (problem === null) return
    log[isBroken ? 'debug' : 'warn'](`the state could not be sent to the service manager: ${problem}`, {
      notifySocket,
    })
    isBroken ||= problem === missing
  }
  return {
    send(assignments) {
      waiting += 1
      last = last.then(() => deliver(assignments))
    },
    get waiting() {
      return waiting
    },
    async sent() {
      await within(last, farewellMs)
    },
  }
}

const missing = 'systemd-notify is not installed'

/** Returns what went wrong, or `null`. */
async function sendOnce(assignments: readonly string[], notifySocket: string): Promise<string | null> {
  const program = findProgram('systemd-notify')
  if (program === null) return missing
  const { execa } = await import('execa')
  const { failed, timedOut, stderr } = await execa(program, assignments, {
    // Nothing else: the environment of the launcher may hold a passphrase.
    env: { NOTIFY_SOCKET: notifySocket },
    extendEnv: false,
    stdin: 'ignore',
    // For that, execa would listen to SIGTERM: in a process that the app shares, a listener of the app, which ends this at the stop.
    cleanup: false,
    timeout: sendLimitMs,
    reject: false,
  })
  if (!failed) return null
  return timedOut ? `systemd-notify took longer than ${sendLimitMs / 1_000} s` : stderr.trim()
}
