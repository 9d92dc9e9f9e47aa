import { setTimeout as pause } from 'node:timers/promises'

/** A new connection may again reach a worker that is about to exit. A client that is refused three times is lost. */
const mostAgain = 3

/**
 * Clients that send their next request as soon as they have an answer, or after a pause. Requests that a client may send again, and did, are
 * counted separately. `onOutcome` is called with the outcome of each request, and its client.
 */
export function startLoad(clients, { pauseMs = 0, onOutcome = () => undefined } = {}) {
  const seen = { answered: 0, sentAgain: 0, failures: [] }
  let going = true
  const run = async (client) => {
    while (going) {
      let { failure, mayRetry, body } = await client.ask()
      for (let again = 0; failure !== null && mayRetry && again < mostAgain; again += 1) {
        seen.sentAgain += 1
        ;({ failure, mayRetry, body } = await client.ask())
      }
      if (failure === null) seen.answered += 1
      else seen.failures.push(failure)
      onOutcome({ failure, body }, client)
      if (pauseMs > 0) await pause(pauseMs)
    }
    client.close()
  }
  const ended = Promise.all(clients.map(run))
  return {
    seen,
    async stop() {
      going = false
      await ended
      return seen
    },
  }
}
