import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixtures } from '../support/lockstep.ts'

/** Its command, which its package does not export. */
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

describe('a test runner with a separate realm for each test file', () => {
  it.each(['vmThreads', 'vmForks'])('can launch servers in the pool %s of Vitest', async (pool) => {
    const folder = join(fixtures, 'vm-pool')
    const words = [
      vitest,
      'run',
      '--root',
      folder,
      '--config',
      join(folder, 'vitest.config.js'),
      '--pool',
      pool,
    ]
    const { failed, written } = await new Promise<{ failed: boolean; written: string }>((resolve) =>
      execFile(
        process.execPath,
        words,
        {
          cwd: folder,
          timeout: 25_000,
          env: {
            ...process.env,
            VITEST: '',
            VITEST_POOL_ID: '',
            NODE_OPTIONS: '',
            NO_COLOR: '1',
            FORCE_COLOR: '',
          },
        },
        (error, stdout, stderr) => resolve({ failed: error !== null, written: stdout + stderr }),
      ),
    )
    expect(failed ? written : '').toBe('')
    expect(written).toMatch(/Tests\s+7 passed/)
  })
})
