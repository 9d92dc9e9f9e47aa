import type { Fault } from '../errors/launch-error.ts'
import type { Environment } from './read-environment.ts'

/** What a service manager such as systemd says to the process that it has started. */
export interface ServiceVariables {
  /** The listening sockets that it hands over, in its order. */
  readonly sockets: readonly InheritedSocket[]
  /** Where it wants to be told of the state: a path, or `@NAME` for an abstract socket. `null`: nowhere. */
  readonly notifySocket: string | null
  /** Within this time, in milliseconds, it wants a sign of life. `null`: it does not watch. */
  readonly watchdogMs: number | null
  /** Whether any of the variables is there, also when it is addressed to another process. */
  readonly isSet: boolean
  readonly warnings: readonly string[]
  readonly faults: readonly Fault[]
}

export interface InheritedSocket {
  readonly fd: number
  /** As in LISTEN_FDNAMES; `null` when there are no names. */
  readonly name: string | null
}

/** They are for one process, and not for those that it starts, nor for an app in it. */
export const socketVariableNames = ['LISTEN_PID', 'LISTEN_PIDFDID', 'LISTEN_FDS', 'LISTEN_FDNAMES'] as const
export const managerVariableNames = ['NOTIFY_SOCKET', 'WATCHDOG_PID', 'WATCHDOG_USEC'] as const
export const serviceVariableNames = [...socketVariableNames, ...managerVariableNames] as const

/** The first descriptor that is handed over: SD_LISTEN_FDS_START of sd_listen_fds(3). */
const firstDescriptor = 3

/**
 * Reads sd_listen_fds(3), sd_notify(3) and sd_watchdog_enabled(3). What is addressed to another process is not for us: it was only
 * inherited on the way.
 */
export function readServiceVariables(environment: Environment, { pid }: { pid: number }): ServiceVariables {
  const { NOTIFY_SOCKET: notifySocket, WATCHDOG_USEC: watchdogUs, WATCHDOG_PID: watched } = environment
  const isWatched = watchdogUs !== undefined && (watched === undefined || Number(watched) === pid)
  const watchdogMs = isWatched ? Number(watchdogUs) / 1_000 : null
  return {
    ...readSockets(environment, pid),
    isSet: serviceVariableNames.some((name) => environment[name] !== undefined),
    notifySocket: notifySocket ? notifySocket : null,
    watchdogMs: watchdogMs !== null && watchdogMs > 0 ? watchdogMs : null,
  }
}

function readSockets(
  { LISTEN_PID: listener, LISTEN_FDS: count, LISTEN_FDNAMES: names }: Environment,
  pid: number,
): Pick<ServiceVariables, 'sockets' | 'warnings' | 'faults'> {
  const nothing = { sockets: [], warnings: [], faults: [] }
  if (listener === undefined || count === undefined) return nothing
  if (Number(listener) !== pid) {
    const warning = `LISTEN_FDS hands sockets to process ${listener}, and this is process ${pid}: they are not used. A service manager must start lockstep itself, not by npx or a shell that stays.`
    return { ...nothing, warnings: [warning] }
  }
  if (!/^\d{1,5}$/.test(count)) return { ...nothing, faults: [noNumber(count)] }
  const nameList = names === undefined || names === '' ? [] : names.split(':')
  return {
    ...nothing,
    sockets: Array.from({ length: Number(count) }, (_, index) => ({
      fd: firstDescriptor + index,
      name: nameList[index] ?? null,
    })),
  }
}

function noNumber(count: string): Fault {
  return {
    code: 'ERR_OPTION_INVALID',
    message: `LISTEN_FDS must be the number of sockets that are handed over; found "${count}".`,
    hint: 'A service manager sets it: see sd_listen_fds(3). Unset it, with LISTEN_PID, where none does.',
    source: 'LISTEN_FDS',
  }
}
