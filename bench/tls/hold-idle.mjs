import { setTimeout as pause } from 'node:timers/promises'
import { holdConnections } from '../load/hold-connections.mjs'
import { proportionalMb } from '../measuring/memory.mjs'
import { certificateFolder } from '../subjects/servers.mjs'

const keepAliveSeconds = 600

/** Holds this many idle connections over TLS to a subject. Returns their cost in memory, how many were lost, and how many of a sample answer. */
export async function holdIdle(subject, { count, holdMs }) {
  using pair = await certificateFolder()
  await using server = await subject.start({
    ...{ workers: 2, pair, core: null, keepAliveSeconds },
    flags: ['--keep-alive', `${keepAliveSeconds}s`],
  })
  const memory = () => server.pids().reduce((sum, pid) => sum + proportionalMb(pid), 0)
  await warm(server)
  const before = memory()
  const began = performance.now()
  await using connections = await holdConnections(server, count)
  const seconds = (performance.now() - began) / 1_000
  await pause(holdMs)
  const after = memory()
  const open = await connections.count()
  const { asked, answered } = await connections.ask(100)
  return {
    ...{ name: subject.name, version: subject.version(), count, seconds, before, after },
    kilobytes: ((after - before) * 1_024) / open,
    ...{ lost: count - open, asked, answered },
  }
}

/** Memory that a server keeps from its first connections is not a cost of the held ones. */
async function warm(server) {
  await using _ = await holdConnections(server, 200)
}
