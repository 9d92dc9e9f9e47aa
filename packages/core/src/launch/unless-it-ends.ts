import type { RunningServer } from '../backends/server-backend.ts'
import { LaunchError } from '../errors/launch-error.ts'
import { within } from '../platform/system/within.ts'

/** How long after a connection broke the end of the process behind it may become known. */
const exitMarginMs = 500

/**
 * Waits for the verification of a server, unless the server ends by itself meanwhile: then it rejects with why it ended. A process that
 * dies also makes the verification fail, and its end is the reason; so is a listener of the app that has failed.
 */
export async function unlessItEnds<Result>(
  server: Pick<RunningServer, 'stopped' | 'listenerFailure'>,
  verification: Promise<Result> | Result,
): Promise<Result> {
  const ended = server.stopped.then(({ error }) =>
    Promise.reject(error ?? server.listenerFailure?.() ?? endedByItself()),
  )
  ended.catch(() => undefined)
  try {
    const verified = await Promise.race([ended, verification])
    // Over TLS a connection that is closed behind the handshake fails no check.
    const failure = server.listenerFailure?.()
    if (failure) throw failure
    return verified
  } catch (failure) {
    await within(ended, exitMarginMs)
    throw server.listenerFailure?.() ?? failure
  }
}

function endedByItself(): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_WORKER_BOOT',
    message: 'The server ended before it was announced.',
    hint: 'Its earlier output is above.',
  })
}
