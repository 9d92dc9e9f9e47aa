import { byteSize } from '../kinds/byte-size.ts'
import { duration } from '../kinds/duration.ts'
import { oneOf, wholeNumber } from '../kinds/kinds.ts'
import { option } from '../option-row.ts'

const neverAll =
  'The replacement is ready before the worker drains, no request is lost, and the workers are never all replaced at once. `single` refuses this option, because no other process could replace it.'

export const recyclingRows = {
  'reload.mode': option({
    kind: oneOf(['replace', 'restart']),
    default: 'replace',
    flags: ['--reload'],
    group: 'processes',
    summary: 'How a reload renews what serves: replace, or restart for programs that cannot run twice.',
    description:
      '`replace` starts the new process first, waits until it is ready, and then drains the old one. `restart` stops the old one before it starts the new one: for a program that locks a file or a database. Requests wait meanwhile.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'reload.maxSurge': option({
    kind: wholeNumber({ min: 0, max: 1_024 }),
    default: 1,
    flags: ['--max-surge'],
    group: 'processes',
    summary: 'Extra workers that may run while a reload replaces workers.',
    description:
      'With as many as there are workers, all new workers are ready before the first old one drains: all or none. Old workers that drain do not count.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'reload.maxUnavailable': option({
    kind: wholeNumber({ min: 0, max: 1_024 }),
    default: 0,
    flags: ['--max-unavailable'],
    group: 'processes',
    summary: 'Workers that may be missing while a reload replaces workers.',
    description:
      'This many old workers stop before their replacements are ready, which saves memory. If such a replacement fails, its place stays empty until another one starts.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'recycle.maxRequests': option({
    kind: wholeNumber({ min: 1, max: 1_000_000_000 }),
    default: null,
    flags: ['--max-requests'],
    aliases: [{ flag: '--limit-max-requests', of: 'uvicorn' }],
    group: 'processes',
    summary: 'Replace a worker after this many requests.',
    description: neverAll,
    takesEffect: 'start',
    station: 'backend',
  }),
  'recycle.maxRequestsJitter': option({
    kind: wholeNumber({ min: 0, max: 1_000_000_000 }),
    default: null,
    flags: ['--max-requests-jitter'],
    group: 'processes',
    summary: "Random extra requests per worker (0 to N), so that workers don't recycle together.",
    description: 'Unset, a tenth of the limit.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'recycle.lifetime': option({
    kind: duration(),
    default: null,
    flags: ['--max-lifetime'],
    group: 'processes',
    summary: 'Replace a worker after this time.',
    description: neverAll,
    takesEffect: 'start',
    station: 'backend',
  }),
  'recycle.lifetimeJitter': option({
    kind: duration({ zero: 'adds none' }),
    default: null,
    flags: ['--max-lifetime-jitter'],
    group: 'processes',
    summary: "Random extra lifetime per worker (0 to N), so that workers don't recycle together.",
    description: 'Unset, a tenth of the lifetime.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'recycle.memory': option({
    kind: byteSize({ min: 16 * 1_048_576, max: 1_048_576 * 1_048_576, example: '512MiB' }),
    default: null,
    flags: ['--max-memory'],
    group: 'processes',
    summary: 'Replace a worker when its resident memory exceeds this size.',
    description: `Looked at with each heartbeat, every five seconds at most; three samples in a row must be above it. ${neverAll}`,
    takesEffect: 'start',
    station: 'backend',
  }),
  'recycle.heap': option({
    kind: byteSize({ min: 1_048_576, max: 1_048_576 * 1_048_576, example: '256MiB' }),
    default: null,
    flags: ['--max-heap'],
    group: 'processes',
    summary: 'Replace a worker when its V8 heap exceeds this size.',
    description: 'As `recycle.memory`, for the memory that JavaScript itself uses.',
    takesEffect: 'start',
    station: 'backend',
  }),
}
