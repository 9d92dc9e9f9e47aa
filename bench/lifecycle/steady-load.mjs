/** Clients that ask again as soon as they have their answer. Counts those requests apart that a client may send again, and did. */
export function startLoad(clients) {
  const seen = { answered: 0, sentAgain: 0, failures: [] }
  let going = true
  const run = async (client) => {
    while (going) {
      let { failure, mayRetry } = await client.ask()
      if (failure !== null && mayRetry) {
        seen.sentAgain += 1
        ;({ failure } = await client.ask())
      }
      if (failure === null) seen.answered += 1
      else seen.failures.push(failure)
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
