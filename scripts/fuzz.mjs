// `npm run fuzz -- SUBJECT [--count N] [--seed N]`: feeds one part of the launcher with hostile or odd input. A run with the same seed
// repeats the same steps.
import { buildPackages } from './build.mjs'
import { pinnedNode } from './pinned-node.mjs'
import { runCommand } from './run-command.mjs'
import { ensureInstalled } from './set-up.mjs'

await ensureInstalled()
const built = (await buildPackages()) === 0
process.exitCode = built
  ? await runCommand(pinnedNode(), ['scripts/fuzz/run.mjs', ...process.argv.slice(2)])
  : 1
