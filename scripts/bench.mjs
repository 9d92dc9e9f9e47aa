// `npm run bench`: measures, and writes docs/benchmarks.md. `-- --only NAME` runs a part, `-- --quick` with fewer rounds; both write
// no document. `-- --only NAME --merge` puts that part into the document.
import { buildPackages } from './build.mjs'
import { pinnedNode } from './pinned-node.mjs'
import { runCommand } from './run-command.mjs'
import { ensureInstalled } from './set-up.mjs'

await ensureInstalled()
const built = (await buildPackages()) === 0
process.exitCode = built ? await runCommand(pinnedNode(), ['bench/run.mjs', ...process.argv.slice(2)]) : 1
