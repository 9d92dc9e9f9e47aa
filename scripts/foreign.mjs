// `npm run foreign`: asks current servers of others for TLS, and writes docs/other-launchers.md. `-- --only NAME` asks one, and writes nothing.
import { buildPackages } from './build.mjs'
import { ensurePeers } from './peers.mjs'
import { pinnedNode } from './pinned-node.mjs'
import { runCommand } from './run-command.mjs'
import { ensureInstalled } from './set-up.mjs'

await ensureInstalled()
const isReady = (await buildPackages()) === 0 && (await ensurePeers(['python'])).length === 0
process.exitCode = isReady
  ? await runCommand(pinnedNode(), ['scripts/foreign/run.mjs', ...process.argv.slice(2)])
  : 1
