import { isErrorLike } from '../errors/thrown.ts'

/** Node's warning for a file with `import` statements in a package of CommonJS. */
const ofModule = /^Failed to load the ES module: /

type Emitted = unknown[]
/** What each import holds, by the text of the warning. The newest is last. */
const holds: Map<string, Emitted>[] = []

/**
 * Holds back Node's warning that a file could not be loaded as an ES module, until it is disposed of. `drop()`: it is of no use any more, because a
 * loader took the file, or our error says the same.
 *
 * This is a trick. Node emits this warning at once by `process.emit()`, before the import fails, and a listener can't keep Node from printing it.
 * Look at this when a test of an app in a package of CommonJS fails with a new Node: then only the warning is printed again.
 */
export function holdModuleWarning(): Disposable & { drop(): void } {
  const held = new Map<string, Emitted>()
  // Several imports may overlap, and end in any order.
  if (holds.length === 0) replaceEmit()
  holds.push(held)
  return {
    drop: () => held.clear(),
    [Symbol.dispose]() {
      holds.splice(holds.indexOf(held), 1)
      if (holds.length === 0) restoreEmit()
      for (const given of held.values()) Reflect.apply(process.emit, process, given)
    },
  }
}

let restoreEmit = (): void => undefined

/** Code that is imported may put its own method over this one, which then stays below it and passes everything on. */
function replaceEmit(): void {
  const own = Object.getOwnPropertyDescriptor(process, 'emit')
  const { emit } = process
  const holding = (...given: Emitted): boolean => {
    const [event, warning] = given
    const message = event === 'warning' && isErrorLike(warning) ? warning.message : ''
    const held = ofModule.test(message) ? holds.at(-1) : undefined
    if (held === undefined) return Reflect.apply(emit, process, given)
    held.set(message, given)
    return true
  }
  process.emit = holding as typeof process.emit
  restoreEmit = () => {
    if (process.emit !== holding) return
    if (own) Object.defineProperty(process, 'emit', own)
    else Reflect.deleteProperty(process, 'emit')
  }
}
