// `npm run site`: builds the documentation site into `.site/dist`. `-- --serve` then serves it with Lockstep on 127.0.0.1.
import { parseArgs } from 'node:util'
import { buildPackages } from './build.mjs'
import { pinnedNode } from './pinned-node.mjs'
import { runCommand } from './run-command.mjs'
import { ensureInstalled } from './set-up.mjs'
import { ensureSiteTools } from './site/site-tools.mjs'

const { values } = parseArgs({
  options: { serve: { type: 'boolean', default: false }, port: { type: 'string', default: '4173' } },
})

async function buildSite() {
  await ensureInstalled()
  if ((await buildPackages()) !== 0) return 1
  await ensureSiteTools()
  const built = await runCommand(pinnedNode(), ['scripts/site/build-site.mjs'])
  if (built !== 0 || !values.serve) return built
  return runCommand(pinnedNode(), [
    'packages/cli/bin/lockstep.js',
    'serve',
    '.site/dist',
    '--port',
    values.port,
  ])
}

process.exitCode = await buildSite()
