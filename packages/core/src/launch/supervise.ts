import type { RunningServer, Supervisor, WorkerStack } from '../backends/server-backend.ts'
import { asLaunchError } from '../errors/as-launch-error.ts'
import { LaunchError } from '../errors/launch-error.ts'
import { nameOf } from '../errors/thrown.ts'
import type { Intent, Lifecycle } from '../lifecycle/lifecycle.ts'
import { oneAtATime } from '../lifecycle/one-at-a-time.ts'
import { workersAreFixed } from '../lifecycle/workers-are-fixed.ts'
import { errorInUsersWords, type UsersWords } from '../options/sources/in-users-words.ts'

/** More would be a slip of the finger. */
const mostWorkers = 1_024

/** What a launch lets others do with its workers. */
export interface Supervision {
  scale(workers: number | string): Promise<number>
  restart(worker: number): Promise<void>
  stacks(): Promise<readonly WorkerStack[]>
}

/** Answers intents about the workers by the state of the launch, and by what the backend can do. */
export function superviseWorkers({
  server,
  backend,
  lifecycle,
  words,
}: {
  server: RunningServer
  backend: string
  lifecycle: Lifecycle
  words: UsersWords
}): Supervision {
  const inTurn = oneAtATime()
  const supervisor = (): Supervisor => {
    if (server.supervisor) return server.supervisor
    throw errorInUsersWords(
      new LaunchError({
        code: 'LOCKSTEP_ERR_NO_WORKERS',
        message: `The backend ${backend} has no workers that can be changed or inspected.`,
        hint: 'Start the server with --backend cluster.',
        source: 'backend',
      }),
      words,
    )
  }
  const allow = (intent: Intent): void => {
    if (lifecycle.take(intent).does === 'refuse') throw workersAreFixed(lifecycle.state)
  }
  return {
    // One at a time, since `+1` counts from what was asked for last.
    scale: (asked) =>
      inTurn(async () => {
        allow('scale')
        const workers = wantedWorkers(asked, supervisor().wanted)
        await supervisor()
          .scale(workers)
          .catch((error: unknown) => {
            throw asLaunchError(error)
          })
        return workers
      }),
    async restart(worker) {
      allow('restart')
      await supervisor()
        .restart(worker)
        .catch((error: unknown) => {
          if (nameOf(error) === 'RangeError') throw noSuchWorker(worker, supervisor().wanted)
          throw asLaunchError(error)
        })
    },
    stacks: async () => supervisor().stacks(),
  }
}

/** `3`, `+1` or `-1`, from what there should be now. */
function wantedWorkers(asked: number | string, now: number): number {
  const text = String(asked)
  const amount = /^[+-]?\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  const workers = /^[+-]/.test(text) ? now + amount : amount
  if (workers >= 1 && workers <= mostWorkers) return workers
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_SCALE_REFUSED',
    message: Number.isNaN(amount)
      ? `"${text}" is not a number of workers.`
      : `${text} would make it ${workers} workers; it has ${now}.`,
    hint: `Give a number from 1 to ${mostWorkers}, or a change such as +1 or -1. To end the server, stop it.`,
  })
}

function noSuchWorker(worker: number, wanted: number): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_WORKER_UNKNOWN',
    message: `There is no worker ${worker}: they are numbered from 1 to ${wanted}.`,
    hint: '`lockstep status` shows them.',
  })
}
