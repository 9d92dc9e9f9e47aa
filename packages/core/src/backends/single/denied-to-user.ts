import { LaunchError } from '../../errors/launch-error.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'

/**
 * For an address that an app asks for by `listen()`, and that its user may not bind: the app never runs as root, and only root was allowed to.
 * Returns any other error as it is.
 */
export function deniedToUser(error: unknown, { runAs }: Pick<LaunchPlan, 'runAs'>): unknown {
  if (!(error instanceof LaunchError) || error.code !== 'LOCKSTEP_ERR_ADDRESS_PRIVILEGED') return error
  const user = runAs?.name ?? `${runAs?.uid}`
  return new LaunchError({
    code: error.code,
    message: `${error.message} The app decides where to listen, and it runs as user ${user}, who may not bind that.`,
    hint: 'Set the whole address, with --host and --port or with --bind: root then binds it before the app runs. Or use --backend cluster, where root binds what the app asks for.',
    cause: error,
  })
}
