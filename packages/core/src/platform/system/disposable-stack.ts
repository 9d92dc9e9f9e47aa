/**
 * `DisposableStack` and `AsyncDisposableStack` of ECMAScript's explicit resource management, as far as they are used here:
 * https://tc39.es/proposal-explicit-resource-management/. Node 24 has them. Node 22 has only the symbols, and there the classes below do
 * the same. This file can go with the support of Node 22.
 */
interface Stack {
  /** Disposes of the resource when the stack is disposed of. Returns the resource. */
  use<Resource extends Disposable>(resource: Resource): Resource
  /** Calls the function when the stack is disposed of. Throws a `ReferenceError` when it has been. */
  defer(undo: () => void): void
  /**
   * Undoes everything once, the last thing first. A step that fails keeps none of the others from being undone: the error is thrown at the end. If more than
   * one fails, that is a `SuppressedError`, which `errorsOf()` takes apart.
   */
  dispose(): void
  [Symbol.dispose](): void
}

/** A stack of steps that may have to be waited for. Each begins when the one before has ended. */
interface AsyncStack {
  use<Resource extends AsyncDisposable | Disposable>(resource: Resource): Resource
  defer(undo: () => unknown): void
  /** As `dispose()`. Never throws: it rejects. */
  disposeAsync(): Promise<void>
}

export class OwnDisposableStack implements Stack {
  readonly #steps: (() => void)[] = []
  #isDisposed = false

  use<Resource extends Disposable>(resource: Resource): Resource {
    this.defer(() => resource[Symbol.dispose]())
    return resource
  }

  defer(undo: () => void): void {
    if (this.#isDisposed) throw new ReferenceError('this stack has been disposed of')
    this.#steps.push(undo)
  }

  dispose(): void {
    this.#isDisposed = true
    const errors: unknown[] = []
    for (const undo of this.#steps.splice(0).reverse()) {
      try {
        undo()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors.reduce(suppress)
  }

  [Symbol.dispose](): void {
    this.dispose()
  }
}

export class OwnAsyncDisposableStack implements AsyncStack {
  readonly #steps: (() => unknown)[] = []
  #isDisposed = false

  use<Resource extends AsyncDisposable | Disposable>(resource: Resource): Resource {
    this.defer(() =>
      Symbol.asyncDispose in resource ? resource[Symbol.asyncDispose]() : resource[Symbol.dispose](),
    )
    return resource
  }

  defer(undo: () => unknown): void {
    if (this.#isDisposed) throw new ReferenceError('this stack has been disposed of')
    this.#steps.push(undo)
  }

  async disposeAsync(): Promise<void> {
    this.#isDisposed = true
    const errors: unknown[] = []
    for (const undo of this.#steps.splice(0).reverse()) {
      try {
        await undo()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors.reduce(suppress)
  }
}

export type DisposableStack = Stack
export type AsyncDisposableStack = AsyncStack
export const DisposableStack: new () => Stack = globalThis.DisposableStack ?? OwnDisposableStack
export const AsyncDisposableStack: new () => AsyncStack =
  (globalThis.AsyncDisposableStack as (new () => AsyncStack) | undefined) ?? OwnAsyncDisposableStack

/** Every error that a stack has thrown as one, the first first. */
export function errorsOf(thrown: unknown): readonly unknown[] {
  const { name, error, suppressed } = Object(thrown) as SuppressedError
  if (name !== 'SuppressedError') return [thrown]
  return [...errorsOf(suppressed), ...errorsOf(error)]
}

function suppress(earlier: unknown, later: unknown): Error {
  const error = new Error('An error was suppressed during disposal.')
  return Object.assign(error, { name: 'SuppressedError', error: later, suppressed: earlier })
}
