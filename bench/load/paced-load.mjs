import { fileURLToPath } from 'node:url'
import { pinnedTo } from '../measuring/cores.mjs'
import { quantile } from '../measuring/rounds.mjs'
import { runProgram } from '../subjects/run-program.mjs'

const program = fileURLToPath(new URL('./paced-requests.mjs', import.meta.url))

/**
 * Sends this many requests a second to each server, over kept connections, in turns: what disturbs the machine disturbs all of them. Returns for
 * each `medianMs` and `p99Ms` of the time to the whole answer, how many were `answered` and how many `failed`.
 */
export async function pacedLoad(servers, { perSecond, seconds, connections, core = null }) {
  const targets = servers.map(({ host, port, tls }) => ({ host, port, tls }))
  const settings = JSON.stringify({ targets, perSecond, seconds, connections })
  const written = await runProgram(pinnedTo(core, [process.execPath, program, settings]))
  return JSON.parse(written).map(({ times, failed }) => ({
    medianMs: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    answered: times.length,
    failed,
  }))
}
