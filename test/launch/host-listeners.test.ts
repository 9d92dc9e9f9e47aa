import { describe, expect, it } from 'vitest'
import { runHost } from '../support/run-host.ts'

interface Outcome {
  readonly type: string
  readonly state: string
  readonly isBound: boolean
  readonly hasSeen: readonly string[]
}

describe('a listener of the host with a bug', () => {
  it.each([
    ['single', 'sync'],
    ['single', 'async'],
    ['cluster', 'sync'],
    ['cluster', 'async'],
  ])(
    'causes an uncaught error of the host, and the server still starts, replaces workers and stops (%s, %s)',
    async (backend, kind) => {
      const { results } = await runHost<{ results: readonly Outcome[] }>('faulty-listeners.js', {
        args: [backend, kind],
      })
      expect(results.length).toBe(backend === 'cluster' ? 8 : 7)
      expect(results).toEqual(
        results.map(({ type }) => ({ type, state: 'stopped', isBound: false, hasSeen: ['a bug'] })),
      )
    },
  )
})
