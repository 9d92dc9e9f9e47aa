/**
 * What a test runner brings. The module of `node:test`, `vitest`, `@jest/globals` or `bun:test` fits as it is, and so does an object with
 * these functions of it.
 */
export interface TestRegistrar {
  readonly describe: (name: string, define: () => void) => unknown
  readonly it: (...parts: never[]) => unknown
  readonly before?: (...parts: never[]) => unknown
  readonly beforeAll?: (...parts: never[]) => unknown
  readonly after?: (...parts: never[]) => unknown
  readonly afterAll?: (...parts: never[]) => unknown
}

/** Says why a test is skipped that is running already. */
export type Skip = (why: string) => void

/** A runner as the suite uses it. Times are in milliseconds. */
export interface RunnerForm {
  readonly describe: TestRegistrar['describe']
  /** Whether a test that runs can be skipped. */
  readonly canSkip: boolean
  test(name: string, one: { readonly limitMs: number; run(skip: Skip): Promise<void> }): void
  /** A test that is known to be skipped before it runs. */
  skipped(name: string): void
  before(run: () => Promise<void>, limitMs: number): void
  after(run: () => PromiseLike<void> | undefined): void
}

type Plain = (...parts: unknown[]) => unknown
type Context = { readonly skip?: (why?: string) => void } | undefined

/** Finds out by what `it` brings which runner it is: each takes a time limit in its own place, and skips in its own way. */
export function formOf(runner: TestRegistrar): RunnerForm {
  const it = runner.it as Plain & { readonly skip?: Plain }
  const before = (runner.before ?? runner.beforeAll) as Plain | undefined
  const after = (runner.after ?? runner.afterAll) as Plain | undefined
  if (!before || !after)
    throw new TypeError('The test runner has neither before() and after() nor beforeAll() and afterAll().')
  const kind = kindOf(it)
  return {
    describe: runner.describe,
    canSkip: kind === 'node' || kind === 'vitest',
    test(name, { limitMs, run }) {
      // The context of vitest throws, and that of node:test does not.
      const withContext = (context: Context): Promise<void> => run((why) => context?.skip?.(why))
      // A test of jest with a parameter would wait for its callback. It can't be skipped any more once it runs.
      const alone = (): Promise<void> => run(() => undefined)
      if (kind === 'node' || kind === 'vitest') it(name, { timeout: limitMs }, withContext)
      else if (kind === 'jest') it(name, alone, limitMs)
      else it(name, alone)
    },
    skipped: (name) => void (it.skip ?? it)(name, () => undefined),
    before(run, limitMs) {
      if (kind === 'node') before(run, { timeout: limitMs })
      else if (kind === 'other') before(run)
      else before(run, limitMs)
    },
    after: (run) => void after(run),
  }
}

function kindOf(it: object): 'node' | 'vitest' | 'jest' | 'other' {
  if ('each' in it) return 'fails' in it ? 'vitest' : 'jest'
  return 'todo' in it ? 'node' : 'other'
}
