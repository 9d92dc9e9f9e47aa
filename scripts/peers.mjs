// `npm run peers`: sets up the servers that tests, benchmarks and docs compare with, and says where they are. `-- NAME …` sets up a part.
import { isMain } from './is-main.mjs'
import { peerParts } from './peers/peer-parts.mjs'
import { describePeers } from './peers/peers.mjs'

/** Sets up each part that isn't up to date. Resolves with the parts that could not be had, and why. */
export async function ensurePeers(names = Object.keys(peerParts)) {
  const failures = []
  for (const name of names) {
    const part = peerParts[name]
    if (part.isReady()) continue
    console.log(`${name}: setting up (${part.takes}) …`)
    const startedAt = Date.now()
    try {
      await part.setUp()
      console.log(`${name}: done in ${Math.round((Date.now() - startedAt) / 1000)} s`)
    } catch (error) {
      failures.push({ name, reason: error.message })
      console.error(`${name}: not set up.\n${error.message}`)
    }
  }
  return failures
}

async function main(names) {
  const unknown = names.filter((name) => !Object.hasOwn(peerParts, name))
  if (unknown.length > 0) {
    console.error(`Unknown: ${unknown.join(', ')}. The parts are: ${Object.keys(peerParts).join(', ')}.`)
    return 2
  }
  const wanted = names.length > 0 ? names : Object.keys(peerParts)
  const failures = await ensurePeers(wanted)
  console.log(describePeers(wanted))
  return failures.length > 0 ? 1 : 0
}

if (isMain(import.meta.url)) process.exitCode = await main(process.argv.slice(2))
