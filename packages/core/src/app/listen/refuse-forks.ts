import type { Cluster } from 'node:cluster'
import { LaunchError } from '../../errors/launch-error.ts'

/**
 * Makes `fork()` of `node:cluster` throw: the app would start its file again in processes that Lockstep neither supervises nor drains, and serve
 * a port beside. Calls back with the error. Disposing of it puts `fork()` back.
 */
export function refuseForks(onRefused: (error: LaunchError) => void): Disposable {
  const cluster = process.getBuiltinModule('node:cluster') as unknown as Cluster
  const { fork } = cluster
  const refuse: typeof fork = () => {
    const error = new LaunchError({
      code: 'LOCKSTEP_ERR_APP_FORKS',
      message: 'The app starts workers itself, by fork() of node:cluster.',
      hint: 'Lockstep starts the workers: --workers N. Let the app serve without node:cluster, for example when LOCKSTEP_WORKER is set.',
    })
    onRefused(error)
    throw error
  }
  cluster.fork = refuse
  return {
    [Symbol.dispose]() {
      if (cluster.fork === refuse) cluster.fork = fork
    },
  }
}
