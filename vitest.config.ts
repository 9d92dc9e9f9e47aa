import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take from half a minute to six minutes. One of them, begun last, would run alone at the end. */
const longest = [
  'packages/conformance/test/suite.test.ts',
  'packages/conformance/test/suite-of-programs.test.ts',
  'packages/conformance/test/sabotage.test.ts',
  'test/cli/conformance-command.test.ts',
  'test/tls/scanners.test.ts',
  'test/options/given-twice.test.ts',
  'test/windows/wine.test.ts',
  'test/docs/docs-tls.test.ts',
  'test/docs/stories.test.ts',
  'test/external/python-servers.test.ts',
  'test/external/python-refusals.test.ts',
  'test/faults/many-reloads.test.ts',
  'test/project/release.test.ts',
  'test/project/recipes.test.ts',
  'test/project/site.test.ts',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = longest.findIndex((file) => moduleId.replaceAll('\\', '/').endsWith(`/${file}`))
      return index < 0 ? longest.length : index
    }
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    globals: false,
    pool: 'forks',
    // A test often waits for its servers, so that a few more than processors keep them busy. Each server has several processes.
    maxWorkers: Math.min(8, Math.ceil(availableParallelism() * 1.5)),
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // An error that no test was waiting for is a bug all the same.
    dangerouslyIgnoreUnhandledErrors: false,
  },
})
