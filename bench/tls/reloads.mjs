import { oneRequest } from '../load/one-request.mjs'
import { shown, summary } from '../measuring/rounds.mjs'
import { certificateFolder, startHost } from '../subjects/servers.mjs'

const clients = 8

export const reloads = {
  name: 'certificate reloads',
  async measure({ quick }) {
    const handshakes = quick ? 300 : 5_000
    const wanted = quick ? 3 : 40
    const loss = await underLoad({ handshakes, wanted })
    const acknowledged = await toEightWorkers({ times: quick ? 3 : 10 })
    const figures = [
      {
        what: `failed handshakes of ${loss.done.toLocaleString('en')} during ${loss.reloaded} reloads`,
        goal: '0',
        found: `${loss.failures.length}`,
        met: loss.failures.length === 0 && loss.reloaded >= wanted && loss.done >= handshakes,
        how: `cluster, 2 workers, ${clients} clients with a new connection for each request, another certificate at each reload${loss.failures.length > 0 ? `: ${loss.failures[0]}` : ''}`,
      },
      {
        what: 'reload acknowledged by 8 workers',
        goal: '< 100 ms',
        found: `${shown(acknowledged)} ms`,
        met: acknowledged.most < 100,
        how: 'from the checked new settings to the last acknowledgement, idle workers; median, lowest and highest',
      },
    ]
    return { figures }
  },
}

/** Clients connect as fast as they can until both numbers are reached. */
async function underLoad({ handshakes, wanted }) {
  using pair = await certificateFolder()
  await using server = await startHost(pair, { backend: 'cluster', workers: 2 })
  const failures = []
  let done = 0
  let reloaded = 0
  const busy = () => done < handshakes || reloaded < wanted
  const client = async () => {
    while (busy()) {
      await oneRequest(server).catch((error) => failures.push(error.message))
      done += 1
    }
  }
  const reloader = async () => {
    while (reloaded < wanted || done < handshakes) {
      await pair.renew()
      const { changed } = await server.reload()
      if (!changed) failures.push('a reload changed nothing')
      reloaded += 1
    }
  }
  await Promise.all([reloader(), ...Array.from({ length: clients }, client)])
  return { failures, done, reloaded }
}

async function toEightWorkers({ times }) {
  using pair = await certificateFolder()
  await using server = await startHost(pair, { backend: 'cluster', workers: 8 })
  const samples = []
  for (let count = 0; count < times; count += 1) {
    await pair.renew()
    const { acknowledgedMs, workers } = await server.reload()
    if (workers !== 8) throw new Error(`${workers} workers acknowledged, not 8`)
    samples.push(acknowledgedMs)
  }
  return summary(samples)
}
