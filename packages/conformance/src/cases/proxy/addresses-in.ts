import { existsSync, readFileSync } from 'node:fs'
import { poll } from '../../clients/poll.ts'

/** The address in each line of an access log, once there are so many. In no order: workers write for themselves. */
export async function addressesIn(file: string, count: number): Promise<unknown[]> {
  const lines = (): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [])
  const found = await poll(lines, {
    until: ({ length }) => length >= count,
    what: `${count} lines in the log`,
  })
  return found.map((line) => (JSON.parse(line) as Record<string, unknown>)['remoteAddress']).sort()
}
