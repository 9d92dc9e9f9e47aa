import { type ToldProgress, visibleFacts } from '@lockstep/core/internal'
import { styleError } from './style.ts'

/** One step of a verb, for people; `null` for what they need not see. */
export function renderProgress(progress: ToldProgress): string | null {
  const text = textOf(visibleFacts(progress))
  return text === null ? null : `${styleError('dim', '·')} ${text}\n`
}

function textOf(progress: ToldProgress): string | null {
  switch (progress.type) {
    case 'worker:ready':
      return `worker ${progress.worker} is ready, process ${progress.pid}`
    case 'worker:replaced':
      return progress.before === null ? null : `process ${progress.before} drains`
    case 'worker:exited':
      return `process ${progress.pid} ${progress.expected ? 'has ended' : `died (${progress.signal ?? `exit code ${progress.code}`})`}`
    case 'stopping':
      return progress.urgency === 'graceful'
        ? 'waiting for the requests in flight'
        : progress.urgency === 'hurry'
          ? 'connections are cut'
          : 'what is left is killed'
    case 'reloading':
    case 'worker:restarting':
    case 'scaled':
      return null
  }
}
