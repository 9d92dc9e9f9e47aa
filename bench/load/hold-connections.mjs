import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const holder = fileURLToPath(new URL('./connection-holder.mjs', import.meta.url))
const atOnce = 64

/**
 * Holds this many connections to a server over TLS, from a separate process, each after one request, or as WebSockets. At the end of the scope
 * they are closed.
 */
export async function holdConnections({ host, port }, count, kind = 'requests') {
  const child = fork(holder, [JSON.stringify({ host, port, count, atOnce, kind })])
  const ended = once(child, 'exit')
  const told = async (message) => {
    const answer = once(child, 'message')
    child.send(message)
    const first = await Promise.race([answer, ended])
    if (first[0]?.result === undefined)
      throw new Error(`the process that holds the connections ended with ${first[0]}`)
    return first[0].result
  }
  return {
    opened: await told({ task: 'open' }),
    count: () => told({ task: 'count' }),
    ask: (every) => told({ task: 'ask', every }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
