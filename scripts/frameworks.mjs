// `npm run frameworks`: runs the quick start of each framework, and writes docs/frameworks.md. `-- --only NAME` runs one again, `-- --fast`
// only those that need no long build.
import { buildPackages } from './build.mjs'
import { pinnedNode } from './pinned-node.mjs'
import { runCommand } from './run-command.mjs'
import { ensureInstalled } from './set-up.mjs'

await ensureInstalled()
process.exitCode =
  (await buildPackages()) === 0
    ? await runCommand(pinnedNode(), ['scripts/frameworks/run.mjs', ...process.argv.slice(2)])
    : 1
