import { type Request, request } from './http/node-client.ts'

/** Clients that ask without a pause, each time on a new connection, until they are stopped. */
export interface SteadyLoad {
  /** Ends the load, and returns what was answered and what was not. */
  stop(): Promise<{ readonly answered: number; readonly failures: readonly string[] }>
}

export function steadyLoad(target: Request, { clients = 4 }: { clients?: number } = {}): SteadyLoad {
  const failures: string[] = []
  let answered = 0
  let isOver = false
  const client = async (): Promise<void> => {
    while (!isOver) {
      const { status, outcome, reason } = await request(target)
      if (status === 200) answered += 1
      else failures.push(`${outcome} ${status ?? ''} ${reason}`)
    }
  }
  const all = Promise.all(Array.from({ length: clients }, client))
  return {
    async stop() {
      isOver = true
      await all
      return { answered, failures }
    },
  }
}
