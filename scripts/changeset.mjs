// `npm run changeset`: writes the description of a change, or runs another command of changesets, under the pinned Node.
import { runTool } from './run-tool.mjs'
import { ensureInstalled } from './set-up.mjs'

await ensureInstalled()
process.exitCode = await runTool('@changesets/cli', 'changeset', process.argv.slice(2))
