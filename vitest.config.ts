import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    globals: false,
    pool: 'forks',
    // The tests start servers with several workers each: more at once would only make them slow.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // An error that no test was waiting for is a bug all the same.
    dangerouslyIgnoreUnhandledErrors: false,
  },
})
