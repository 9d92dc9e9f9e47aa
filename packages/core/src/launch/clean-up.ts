import { messageOf } from '../errors/thrown.ts'
import type { Logger } from '../log/logger.ts'
import {
  type AsyncDisposableStack,
  type DisposableStack,
  errorsOf,
} from '../platform/system/disposable-stack.ts'

/** Undoes what a launch has changed, the last change first. What fails is logged, and the rest is undone all the same. */
export async function cleanUp(changes: AsyncDisposableStack, log: Logger): Promise<void> {
  await changes.disposeAsync().catch((thrown: unknown) => report(thrown, log))
}

/** The same in an `exit` listener, where nothing can be waited for. */
export function cleanUpAtExit(changes: DisposableStack, log: Logger): void {
  try {
    changes.dispose()
  } catch (thrown) {
    report(thrown, log)
  }
}

function report(thrown: unknown, log: Logger): void {
  for (const error of errorsOf(thrown))
    log.error('a part of the launch could not be undone', { reason: messageOf(error) })
}
