import { LaunchError, throwFaults } from '../errors/launch-error.ts'
import { codeOf, messageOf } from '../errors/thrown.ts'
import type { LaunchHandle } from '../launch/launch-handle.ts'
import type { Logger } from '../log/logger.ts'
import type { PlannedIdentity } from '../plan/launch-plan.ts'
import { type ControlServer, serveControl } from './serve-control.ts'
import { untrustedControlFolder } from './untrusted-control-folder.ts'

/**
 * Lets the verbs reach a launch, from the moment when it has a handle. Called before anything is bound. Where that is not possible, a launch that asked for it is refused
 * (`LOCKSTEP_ERR_CONTROL_SOCKET`), and a server for which it was only the default goes without: a read-only system is not an error.
 */
export async function offerControl(
  handle: () => LaunchHandle | undefined,
  { wanted, runAs, log }: { wanted: boolean | 'if-possible'; runAs: PlannedIdentity | null; log: Logger },
): Promise<ControlServer> {
  const nothing = { close: () => undefined }
  if (wanted === false) return nothing
  try {
    throwFaults(untrustedControlFolder(runAs))
    return await serveControl(handle)
  } catch (cause) {
    if (codeOf(cause) === 'LOCKSTEP_ERR_UNTRUSTED_FILE') throw cause
    const reason = messageOf(cause).replace(/\.$/, '')
    if (wanted === true)
      throw new LaunchError({
        code: 'LOCKSTEP_ERR_CONTROL_SOCKET',
        message: `The control socket cannot be made: ${reason}.`,
        hint:
          process.platform === 'win32'
            ? 'Set LOCALAPPDATA to a folder that this user may write to, or leave control unset.'
            : 'Set XDG_RUNTIME_DIR to a folder of this user with a short path, or leave control unset.',
        source: 'control',
        cause,
      })
    log.debug('no control socket: the verbs will not reach this server', { reason })
    return nothing
  }
}
