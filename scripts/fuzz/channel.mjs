// What a worker may write to its primary, in any pieces, and what a primary sends to a worker over two ways. Nothing may throw, what comes
// through has its shape and its order, and nothing comes after a fault. Then the same with real workers, whose primary is this process.
import { fileURLToPath } from 'node:url'
import { launch } from '@lockstep/core'
import { fuzzChannel } from '../../packages/core/test/cluster/channel-fuzz/fuzz-channel.ts'

export const defaultCount = 1_000_000

const app = fileURLToPath(new URL('../../test/fixtures/fuzz/writes-anything.js', import.meta.url))
/** A worker that breaks the protocol is killed, so a new server starts after this many messages. */
const messagesPerServer = 10_000

export async function run({ seed, count, tell }) {
  const { found, summary } = fuzzChannel({ seed, count })
  tell(summary)
  const servers = Math.ceil(count / messagesPerServer)
  let messages = 0
  let deaths = 0
  for (let index = 0; index < servers; index += 1) {
    const server = await launch(
      { app, backend: 'cluster', port: 0, log: { level: 'silent' } },
      { config: false, envFile: false, environment: false },
    )
    server.on('message:received', () => (messages += 1))
    const died = new Promise((resolve) => server.on('worker:exited', resolve)).then(() => (deaths += 1))
    const response = await fetch(new URL(String(seed + index), server.url))
    if ((await response.text()) !== 'written') found.push(`--seed ${seed + index}: no answer`)
    await Promise.race([died, new Promise((resolve) => setTimeout(resolve, 200))])
    await server.stop({ force: true })
  }
  tell(`${servers} servers, whose workers sent ${messages} messages of an app; ${deaths} workers were killed`)
  return found
}
