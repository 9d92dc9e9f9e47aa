import type { EventHub } from './event-hub.ts'
import { isLast, type LaunchEvent } from './launch-event.ts'

/**
 * The events from now on, for a `for await` loop, which ends after the last event of the launch. Events wait for a slow loop. One that is
 * left early takes no further ones.
 */
export function iterateEvents(
  events: Pick<EventHub, 'onAny' | 'isOver'>,
): AsyncIterableIterator<LaunchEvent> {
  const seen: LaunchEvent[] = []
  const asking: ((result: IteratorResult<LaunchEvent, undefined>) => void)[] = []
  let isOver = events.isOver
  const end = (): void => {
    isOver = true
    unlisten()
    for (const answer of asking.splice(0)) answer({ done: true, value: undefined })
  }
  const unlisten = events.onAny((event) => {
    const answer = asking.shift()
    if (answer) answer({ done: false, value: event })
    else seen.push(event)
    if (isLast(event)) end()
  })
  if (isOver) unlisten()
  return {
    async next() {
      const event = seen.shift()
      if (event) return { done: false, value: event }
      if (isOver) return { done: true, value: undefined }
      return new Promise((answer) => asking.push(answer))
    },
    async return() {
      seen.length = 0
      end()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
