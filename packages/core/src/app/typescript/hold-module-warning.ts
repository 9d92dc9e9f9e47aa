import { isErrorLike } from '../../errors/thrown.ts'

/** Node's warning for a file with `import` statements in a package of CommonJS. */
const ofModule = /^Failed to load the ES module: /

/**
 * Holds back Node's warning that a file could not be loaded as an ES module, until it is disposed of. `drop()`: a loader took the file, so the
 * warning is not true any more.
 *
 * This is a trick. Node emits this warning at once by `process.emit()`, before the import fails, and a listener can't keep Node from printing it.
 * Look at this when the test of a TypeScript app in a package of CommonJS fails with a new Node: then only the warning is printed again.
 */
export function holdModuleWarning(): Disposable & { drop(): void } {
  const { emit } = process
  const held = new Map<string, unknown[]>()
  const holding = (...given: unknown[]): boolean => {
    const [event, warning] = given
    const message = event === 'warning' && isErrorLike(warning) ? warning.message : ''
    if (!ofModule.test(message)) return Reflect.apply(emit, process, given)
    held.set(message, given)
    return true
  }
  process.emit = holding as typeof process.emit
  return {
    drop: () => held.clear(),
    [Symbol.dispose]() {
      if (process.emit === holding) process.emit = emit
      for (const given of held.values()) Reflect.apply(emit, process, given)
    },
  }
}
