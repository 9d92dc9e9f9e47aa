import type { Fault } from '../../../errors/launch-error.ts'
import { serviceVariableNames } from '../../../platform/system/service-variable-names.ts'
import type { Environment } from './read-environment.ts'

/** What a service manager such as systemd says to the process that it has started. */
export interface ServiceVariables {
  /** The listening sockets that it hands over, in its order. */
  readonly sockets: readonly InheritedSocket[]
  /** Where to report the state: a path, or `@NAME` for an abstract socket. `null`: nowhere. */
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

/** The first descriptor that is handed over: SD_LISTEN_FDS_START of sd_listen_fds(3). */
const firstDescriptor = 3

/** The first process of a system or of a container. */
const init = 1

/** This process, as a service manager may name it. */
export interface Addressee {
  readonly pid: number
  /** The process that started it. */
  readonly parent: number
}

/**
 * Reads sd_listen_fds(3), sd_notify(3) and sd_watchdog_enabled(3). What is addressed to another process is not for us: it was only
 * inherited on the way. The runtime of a container addresses its first process (`LISTEN_PID=1`). Where that is an init, such as the shell of
 * `run-under-init.ts`, catatonit or tini, the program that it starts is meant. `isOpen` says whether a descriptor can be listened on.
 */
export function readServiceVariables(
  environment: Environment,
  { isOpen, ...addressee }: Addressee & { isOpen(fd: number): boolean },
): ServiceVariables {
  const { NOTIFY_SOCKET: notifySocket, WATCHDOG_USEC: watchdogUs, WATCHDOG_PID: watched } = environment
  const isWatched = watchdogUs !== undefined && (watched === undefined || names(watched, addressee))
  const watchdogMs = isWatched ? Number(watchdogUs) / 1_000 : null
  return {
    ...readSockets(environment, { ...addressee, isOpen }),
    isSet: serviceVariableNames.some((name) => environment[name] !== undefined),
    notifySocket: notifySocket ? notifySocket : null,
    watchdogMs: watchdogMs !== null && watchdogMs > 0 ? watchdogMs : null,
  }
}

function names(named: string, { pid, parent }: Addressee): boolean {
  return Number(named) === pid || (Number(named) === init && parent === init)
}

function readSockets(
  { LISTEN_PID: listener, LISTEN_FDS: count, LISTEN_FDNAMES: socketNames }: Environment,
  { isOpen, ...addressee }: Addressee & { isOpen(fd: number): boolean },
): Pick<ServiceVariables, 'sockets' | 'warnings' | 'faults'> {
  const nothing = { sockets: [], warnings: [], faults: [] }
  if (listener === undefined || count === undefined) return nothing
  if (!names(listener, addressee)) return { ...nothing, warnings: [forAnother(listener, addressee)] }
  if (!/^\d{1,5}$/.test(count)) return { ...nothing, faults: [noNumber(count)] }
  const nameList = socketNames === undefined || socketNames === '' ? [] : socketNames.split(':')
  const sockets = Array.from({ length: Number(count) }, (_, index) => ({
    fd: firstDescriptor + index,
    name: nameList[index] ?? null,
  }))
  // An init may have kept them to itself.
  if (Number(listener) !== addressee.pid && !sockets.every(({ fd }) => isOpen(fd)))
    return { ...nothing, warnings: [forAnother(listener, addressee)] }
  return { ...nothing, sockets }
}

function forAnother(listener: string, { pid }: Addressee): string {
  return `LISTEN_FDS hands sockets to process ${listener}, and this is process ${pid}: they are not used. A service manager must start lockstep itself, not by npx or a shell that stays.`
}

function noNumber(count: string): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_INVALID',
    message: `LISTEN_FDS must be the number of sockets that are handed over; found "${count}".`,
    hint: 'A service manager sets it: see sd_listen_fds(3). Unset it, with LISTEN_PID, where none does.',
    source: 'LISTEN_FDS',
  }
}
