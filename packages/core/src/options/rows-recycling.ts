import { byteSize } from './byte-size.ts'
import { duration } from './duration.ts'
import { wholeNumber } from './kinds.ts'
import { option } from './option-row.ts'

const neverAll =
  'Another worker is ready before it drains, nothing that was asked of it is lost, and never are all workers replaced at once. `single` has nobody who could replace it, and refuses this option.'

export const recyclingRows = {
  'reload.maxSurge': option({
    kind: wholeNumber({ min: 0, max: 1_024 }),
    default: 1,
    flags: ['--max-surge'],
    group: 'processes',
    summary: 'How many workers more than planned there may be while a reload replaces them.',
    description:
      'With as many as there are workers, all new ones are ready before the first old one drains: all or none. Old workers that drain do not count.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'reload.maxUnavailable': option({
    kind: wholeNumber({ min: 0, max: 1_024 }),
    default: 0,
    flags: ['--max-unavailable'],
    group: 'processes',
    summary: 'How many workers fewer than planned may serve while a reload replaces them.',
    description:
      'So many old workers drain before their successors are ready, which saves memory. If such a successor fails, its place stays empty until one can be started.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'recycle.maxRequests': option({
    kind: wholeNumber({ min: 1, max: 1_000_000_000 }),
    default: null,
    flags: ['--max-requests'],
    aliases: [{ flag: '--limit-max-requests', of: 'uvicorn' }],
    group: 'processes',
    summary: 'After how many requests a worker is replaced.',
    description: neverAll,
    takesEffect: 'start',
    station: 'backend',
  }),
  'recycle.maxRequestsJitter': option({
    kind: wholeNumber({ min: 0, max: 1_000_000_000 }),
    default: null,
    flags: ['--max-requests-jitter'],
    group: 'processes',
    summary: 'Up to how many requests more each worker gets, at random.',
    description: 'So that they do not reach their limits together. Unset, a tenth of the limit.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'recycle.lifetime': option({
    kind: duration(),
    default: null,
    flags: ['--max-lifetime'],
    group: 'processes',
    summary: 'How long a worker serves before it is replaced.',
    description: neverAll,
    takesEffect: 'start',
    station: 'backend',
  }),
  'recycle.lifetimeJitter': option({
    kind: duration({ zero: 'adds none' }),
    default: null,
    flags: ['--max-lifetime-jitter'],
    group: 'processes',
    summary: 'Up to how much longer each worker serves, at random.',
    description: 'So that they are not due together. Unset, a tenth of the lifetime.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'recycle.memory': option({
    kind: byteSize({ min: 16 * 1_048_576, max: 1_048_576 * 1_048_576 }),
    default: null,
    flags: ['--max-memory'],
    group: 'processes',
    summary: 'How much memory a worker may hold before it is replaced: its resident set.',
    description: `Looked at with each heartbeat, every five seconds at most; three samples in a row must be above it. ${neverAll}`,
    takesEffect: 'start',
    station: 'backend',
  }),
  'recycle.heap': option({
    kind: byteSize({ min: 1_048_576, max: 1_048_576 * 1_048_576 }),
    default: null,
    flags: ['--max-heap'],
    group: 'processes',
    summary: "How much of V8's heap a worker may use before it is replaced.",
    description: 'As `recycle.memory`, for what JavaScript itself holds.',
    takesEffect: 'start',
    station: 'backend',
  }),
}
