import { LaunchError } from '../errors/launch-error.ts'

/** The app has closed its server by itself, and the launch fails by that. `worker` is its number; null where the launcher itself runs the app. */
export function closedBeforeAnnouncement(worker: number | null): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_WORKER_BOOT',
    message: `The app${worker === null ? '' : ` of worker ${worker}`} closed its server before the server was announced.`,
    hint: 'Its earlier output is above. Let the app close its server only when it is to end.',
  })
}
