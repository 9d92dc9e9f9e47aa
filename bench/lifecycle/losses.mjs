import { shown } from '../measuring/rounds.mjs'

/** The requests that clients of a watched load have lost, and how long they waited. */
export const lossColumns = [
  'failed, kept connections',
  'failed, one connection per request',
  'failed, 800 ms',
  'of all',
  'sent again',
  'longest wait of a client, ms',
]

export function lossCells(found, name) {
  const total = (key) => found.total(name, key).toLocaleString('en')
  return [
    ...['kept', 'oneShot', 'slow'].map(total),
    (found.total(name, 'answered') + found.total(name, 'failed')).toLocaleString('en'),
    total('sentAgain'),
    shown(found.of(name, 'longestWaitMs')),
  ]
}
