// `npm run docs`: writes what is generated from the option table and the error catalogue. A test compares the result.
import { buildPackages } from './build.mjs'
import { pinnedNode } from './pinned-node.mjs'
import { runCommand } from './run-command.mjs'
import { ensureInstalled } from './set-up.mjs'

await ensureInstalled()
const built = (await buildPackages()) === 0
process.exitCode = built ? await runCommand(pinnedNode(), ['scripts/write-docs.mjs']) : 1
