import { honoured, refused } from '../plan/option-support.ts'
import type { SupportAnswer, SupportContext } from '../plan/support-answer.ts'

/** For a backend that switches from root to another user before it loads the app, by `dropPrivileges()`. */
export const accountSupport = {
  user: posixOnly('Windows has no users to change to', 'Start the service as that user.'),
  group: posixOnly('Windows has no groups to change to', 'Start the service as a user of that group.'),
}

/** As `accountSupport`, for a backend that serves in the process of the launcher. */
export const ownAccountSupport = {
  user: mainThreadOnly(accountSupport.user),
  group: mainThreadOnly(accountSupport.group),
}

const noSocketFiles = ['Node has no UNIX domain sockets on Windows', 'Leave it out.'] as const

/** For a backend that binds by `listenOnAll()`. */
export const socketFileSupport = {
  'socket.mode': posixOnly(...noSocketFiles),
  'socket.owner': posixOnly(...noSocketFiles),
  'socket.group': posixOnly(...noSocketFiles),
}

type AccountAnswer = (value: string | number | null, context: SupportContext) => SupportAnswer

function mainThreadOnly(answer: AccountAnswer): AccountAnswer {
  return (value, context) =>
    value !== null && context.isWorkerThread
      ? refused(
          'a worker thread cannot change the user of its process',
          'Use --backend cluster, or call launch() in the main thread.',
        )
      : answer(value, context)
}

function posixOnly(reason: string, cure: string) {
  return (value: string | number | null, { platform }: SupportContext): SupportAnswer =>
    value !== null && platform === 'win32' ? refused(reason, cure) : honoured('before the app is loaded')
}
