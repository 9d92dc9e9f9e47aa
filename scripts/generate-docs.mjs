// `npm run docs`: writes what is generated from the option table and the error catalogue. A test compares the result.
// `npm run docs -- --samples` then runs the stories of the pages and writes the outputs that have changed (test/docs/README.md).
import { buildPackages } from './build.mjs'
import { pinnedNode } from './pinned-node.mjs'
import { runCommand } from './run-command.mjs'
import { runTool } from './run-tool.mjs'
import { ensureInstalled } from './set-up.mjs'

await ensureInstalled()
const hasTypes = (await runCommand(pinnedNode(), ['scripts/write-types.mjs'])) === 0
const built = hasTypes && (await buildPackages()) === 0
process.exitCode = built ? await runCommand(pinnedNode(), ['scripts/write-docs.mjs']) : 1
if (process.exitCode === 0 && process.argv.includes('--samples')) {
  const tests = ['test/docs/stories.test.ts', 'test/docs/docs-tls.test.ts']
  process.exitCode = await runTool('vitest', 'vitest', ['run', ...tests], { env: { WRITE_SAMPLES: '1' } })
}
