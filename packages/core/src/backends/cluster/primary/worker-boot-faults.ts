import { LaunchError } from '../../../errors/launch-error.ts'
import { codeOf } from '../../../errors/thrown.ts'
import type { WorkerEnd } from '../../places/placed-worker.ts'

const startHints: Readonly<Record<string, string>> = {
  EMFILE: 'Raise the limit of open files (`ulimit -n`).',
  ENFILE: 'Raise the limit of open files of the whole system (`sysctl fs.file-max`).',
  EAGAIN: 'Raise the limit of processes of this user (`ulimit -u`), or that of its container (`pids.max`).',
  ENOMEM: 'Memory has run out.',
  ENOENT: 'The program of Node is gone. Put it back, or start the server again.',
  EACCES: 'This user may not run the program of Node, or its file system is mounted noexec.',
}

/** The system could not start a process. */
export function notStarted(id: number, cause: Error): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_WORKER_BOOT',
    message: `No process could be started for worker ${id}: ${cause.message}.`,
    hint: startHints[codeOf(cause)] ?? 'Start the program of Node by hand to see what keeps it from running.',
    cause,
  })
}

export function diedInBoot(id: number, { code, signal }: WorkerEnd): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_WORKER_BOOT',
    message: `Worker ${id} ended before it was ready (${signal === null ? `exit code ${code}` : signal}).`,
    hint: 'Its earlier output is above. Something in the app ends the process while it loads.',
  })
}

/** It was ready, but the launch was not announced yet. */
export function diedBeforeAnnouncement(id: number, { code, signal }: WorkerEnd): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_WORKER_BOOT',
    message: `Worker ${id} ended before the server was announced (${signal === null ? `exit code ${code}` : signal}).`,
    hint: 'Its earlier output is above. Something in the app ends the process right after it is loaded.',
  })
}

export function bootedTooLate(id: number, bootMs: number): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_BOOT_TIMEOUT',
    message: `Worker ${id} did not become ready within ${bootMs / 1_000} s, and its event loop is blocked.`,
    hint: 'Raise --boot-timeout, or find what the app computes while it starts.',
  })
}

/** A connection of a worker to the primary has something on it that no worker of ours writes. */
export function brokeChannel(id: number, reason: string): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_WORKER_BOOT',
    message: `Worker ${id} was killed: ${reason}.`,
    hint: "The app, or a module that it loads, writes to the launcher's own descriptors (3, 4 and 5 of a worker).",
  })
}

/** This Node lacks what `platform/node/internals/handle-channel.ts` needs. */
export function cannotSendSockets(): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_OPTION_REFUSED',
    message: `The backend cluster does not know how Node ${process.versions.node} sends sockets to workers.`,
    hint: 'Use --backend single, or a version of Node that this version of Lockstep was tested with (docs/conformance.md).',
  })
}
