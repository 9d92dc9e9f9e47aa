/** A time or a number that a page says, and the constant that it comes from. */
export interface Limit {
  readonly page: string
  /** Word by word. */
  readonly says: string
  /** File below packages/core/src, the name of a constant in it, and its value as the page says it. */
  readonly constants: readonly (readonly [file: string, name: string, value: number])[]
}

const restart = 'backends/places/restart-policy.ts'

export const limits: readonly Limit[] = [
  {
    page: 'docs/lifecycle.md',
    says: 'The wait doubles from 100 ms to 30 s',
    constants: [
      [restart, 'firstDelayMs', 100],
      [restart, 'longestDelayMs', 30_000],
    ],
  },
  {
    page: 'docs/lifecycle.md',
    says: 'After five failures in a row',
    constants: [[restart, 'failureBudget', 5]],
  },
  {
    page: 'docs/lifecycle.md',
    says: 'Ten seconds of service later',
    constants: [[restart, 'steadyMs', 10_000]],
  },
  {
    page: 'docs/lifecycle.md',
    says: 'A worker that has not ended a second later is killed',
    constants: [['backends/places/retire-worker.ts', 'killMarginMs', 1_000]],
  },
  {
    page: 'docs/lifecycle.md',
    says: 'An idle connection stays open for up to 300 ms',
    constants: [['serve/connections/drain.ts', 'longestLingerMs', 300]],
  },
  {
    page: 'docs/signals.md',
    says: 'Two stop signals within half a second count as one.',
    constants: [['lifecycle/signal-intent.ts', 'sameKeyPressMs', 500]],
  },
  {
    page: 'docs/signals.md',
    says: 'After a quarter of a second it drains',
    constants: [['backends/places/place.ts', 'groupSignalMs', 250]],
  },
  {
    page: 'docs/lifespan.md',
    says: 'a listener always has a quarter of a second',
    constants: [['app/end-app.ts', 'leastMs', 250]],
  },
  {
    page: 'docs/messages.md',
    says: 'with at most 1 MiB and 200 levels',
    constants: [
      ['app/message-limits.ts', 'longestMessage', 1_048_576],
      ['app/message-limits.ts', 'mostLevels', 200],
    ],
  },
  {
    page: 'docs/messages.md',
    says: 'The primary reads at most 16 MB a second from one worker',
    constants: [['backends/cluster/wire/reading-budget.ts', 'bytesPerSecond', 16 * 1_048_576]],
  },
]
