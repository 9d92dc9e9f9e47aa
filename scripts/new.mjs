// `npm run new KIND NAME`: adds a stub of an option, an error, a conformance case, a verb or a backend to every table that needs it. See
// scripts/new/README.md.
import { pinnedNode } from './pinned-node.mjs'
import { runCommand } from './run-command.mjs'
import { ensureInstalled } from './set-up.mjs'

await ensureInstalled()
process.exitCode = await runCommand(pinnedNode(), ['scripts/new/run.mjs', ...process.argv.slice(2)])
