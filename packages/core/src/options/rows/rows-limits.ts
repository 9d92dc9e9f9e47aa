import { byteSize } from '../kinds/byte-size.ts'
import { wholeNumber } from '../kinds/kinds.ts'
import { option } from '../option-row.ts'

export const limitRows = {
  'limits.connections': option({
    kind: wholeNumber({ min: 1, max: 1_000_000 }),
    default: null,
    flags: ['--limit-connections'],
    aliases: [{ flag: '--worker-connections', of: 'gunicorn' }],
    group: 'limits',
    summary: 'Maximum number of connections per serving process.',
    description: 'A further connection is closed at once. Unset, only the system limits it.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'limits.concurrency': option({
    kind: wholeNumber({ min: 1, max: 1_000_000 }),
    default: null,
    flags: ['--limit-concurrency'],
    group: 'limits',
    summary: 'Maximum number of requests that a serving process handles at a time.',
    description:
      'A further request gets 503 with `Retry-After: 1` and does not reach the app. Unset, there is no limit.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'limits.headerBytes': option({
    kind: byteSize({ min: 1_024, max: 1_048_576, example: '16KiB' }),
    default: '16KiB',
    flags: ['--limit-header-bytes'],
    aliases: [{ flag: '--h11-max-incomplete-event-size', of: 'uvicorn' }],
    group: 'limits',
    summary: 'Maximum size of the request line and the headers together.',
    description: 'Larger ones get 431.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'limits.headerCount': option({
    kind: wholeNumber({ min: 1, max: 10_000 }),
    default: 100,
    flags: ['--limit-header-count'],
    aliases: [{ flag: '--limit-request-fields', of: 'gunicorn' }],
    group: 'limits',
    summary: 'Maximum number of headers in a request.',
    description:
      'More get 431. None is dropped in silence, as Node does by default. Over HTTP/2, more than twice as many end the request without an answer.',
    takesEffect: 'start',
    station: 'serve',
  }),
}
