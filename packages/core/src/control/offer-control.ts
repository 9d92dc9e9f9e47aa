import { LaunchError } from '../errors/launch-error.ts'
import type { LaunchHandle } from '../launch-handle.ts'
import type { Logger } from '../platform/logger.ts'
import { serveControl } from './serve-control.ts'

/**
 * Lets the verbs reach a launch until it has stopped. Where that is not possible, one who asked for it is refused
 * (`ERR_CONTROL_SOCKET`), and one who only would have got it goes without: a read-only system is no reason for an error.
 */
export async function offerControl(
  handle: LaunchHandle,
  { wanted, log }: { wanted: boolean | 'if-possible'; log: Logger },
): Promise<void> {
  if (wanted === false) return
  try {
    const control = await serveControl(handle)
    void handle.stopped.then(() => control.close())
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    if (wanted === true)
      throw new LaunchError({
        code: 'ERR_CONTROL_SOCKET',
        message: `The control socket can not be made: ${reason}.`,
        hint: 'Set XDG_RUNTIME_DIR to a folder of this user with a short path, or leave control unset.',
        source: 'control',
        cause,
      })
    log.debug('no control socket: the verbs will not reach this server', { reason })
  }
}
