import { describe, expect, it } from 'vitest'
import {
  AsyncDisposableStack,
  DisposableStack,
  errorsOf,
  OwnAsyncDisposableStack,
  OwnDisposableStack,
} from '../../src/platform/system/disposable-stack.ts'

const failing = (word: string) => () => {
  throw new Error(word)
}
const messages = (thrown: unknown): string[] => errorsOf(thrown).map((error) => (error as Error).message)

// Node 22 has no such classes, so Lockstep brings its own. Both must pass the same tests.
describe.each([
  ["Node's", DisposableStack],
  ['the own', OwnDisposableStack],
])('%s DisposableStack', (_whose, Stack) => {
  it('undoes everything once, the last thing first', () => {
    const undone: string[] = []
    const stack = new Stack()
    const resource = { [Symbol.dispose]: () => void undone.push('resource') }
    expect(stack.use(resource)).toBe(resource)
    stack.defer(() => void undone.push('deferred'))
    stack.dispose()
    stack.dispose()
    stack[Symbol.dispose]()
    expect(undone).toEqual(['deferred', 'resource'])
    expect(() => stack.defer(() => undefined)).toThrow(ReferenceError)
  })

  it('undoes the rest when something fails, and throws every error', () => {
    const undone: string[] = []
    const stack = new Stack()
    stack.defer(failing('last'))
    stack.defer(() => void undone.push('between'))
    stack.defer(failing('second'))
    stack.defer(failing('first'))
    let thrown: unknown
    try {
      stack.dispose()
    } catch (error) {
      thrown = error
    }
    expect([undone, messages(thrown)]).toEqual([['between'], ['first', 'second', 'last']])
  })
})

describe.each([
  ["Node's", AsyncDisposableStack],
  ['the own', OwnAsyncDisposableStack],
])('%s AsyncDisposableStack', (_whose, Stack) => {
  it('undoes everything once, and waits for each step before the next', async () => {
    const undone: string[] = []
    const stack = new Stack()
    stack.use({ [Symbol.dispose]: () => void undone.push('resource') })
    stack.use({ [Symbol.asyncDispose]: async () => void undone.push('async resource') })
    stack.defer(async () => {
      await new Promise(setImmediate)
      undone.push('deferred')
    })
    await stack.disposeAsync()
    await stack.disposeAsync()
    expect(undone).toEqual(['deferred', 'async resource', 'resource'])
    expect(() => stack.defer(() => undefined)).toThrow(ReferenceError)
  })

  it('undoes the rest when something fails, and rejects with every error, those of an inner stack too', async () => {
    const undone: string[] = []
    const inner = new DisposableStack()
    inner.defer(failing('inner, last'))
    inner.defer(failing('inner, first'))
    const stack = new Stack()
    stack.defer(() => undone.push('begun first'))
    stack.use(inner)
    stack.defer(() => Promise.reject(new Error('rejected')))
    const thrown = await stack.disposeAsync().catch((error: unknown) => error)
    expect([undone, messages(thrown)]).toEqual([['begun first'], ['rejected', 'inner, first', 'inner, last']])
  })
})
