// `npm start`: sets up, builds, and launches the example. Extra arguments go to the launcher.
import { buildPackages } from './build.mjs'
import { pinnedNode } from './pinned-node.mjs'
import { runCommand } from './run-command.mjs'
import { ensureInstalled } from './set-up.mjs'
import { stopWithUs } from './stop-with-us.mjs'

const launcher = 'packages/cli/bin/lockstep.js'
const example = [
  'run',
  'examples/live-page/app.js',
  '--backend',
  'cluster',
  '--workers',
  '2',
  '--tls-self-signed',
]

async function start() {
  await ensureInstalled()
  const buildExitCode = await buildPackages()
  if (buildExitCode !== 0) return buildExitCode
  const args = [launcher, ...example, ...process.argv.slice(2)]
  return runCommand(pinnedNode(), args, { onSpawn: stopWithUs })
}

try {
  process.exitCode = await start()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
