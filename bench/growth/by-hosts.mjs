import { fileURLToPath } from 'node:url'
import { handshakesByHost } from '../load/handshakes-by-host.mjs'
import { memoryMb } from '../measuring/memory.mjs'
import { processorMs } from '../measuring/processor-time.mjs'
import { bareNode } from '../subjects/by-hand.mjs'
import { lockstepSingle } from '../subjects/lockstep.mjs'
import { startProcess } from '../subjects/start-process.mjs'
import { grow } from './grow.mjs'
import { hostCertificates, hostName } from './host-certificates.mjs'

const core = 0
const measures = [
  { key: 'startMs', what: 'first answer, ms' },
  { key: 'memoryMb', what: 'memory, MB' },
  { key: 'perSecond', what: 'handshakes per second' },
  { key: 'processorUs', what: 'processor time per handshake, µs' },
]

const ours = {
  name: lockstepSingle.name,
  start: ({ pair, configFile }) => lockstepSingle.start({ pair, core, flags: ['--config', configFile] }),
}

/** Calls its `addContext` for each host. */
const byHand = {
  name: bareNode.name,
  start: ({ pair, hostsFile }) =>
    startProcess(
      (port) => [
        process.execPath,
        fileURLToPath(new URL('../apps/many-hosts.mjs', import.meta.url)),
        JSON.stringify({ port, ...pair, hosts: hostsFile }),
      ],
      { pair, core },
    ),
}

/** The cost of more hosts with their own certificates. */
export const byHosts = {
  name: 'growth by hosts',
  about:
    '`single` with 1 to 1,000 hosts in `tls.sni`, each with its own certificate files, and a new server each time. Four clients at once make full handshakes and ask for one host after the other. For comparison, bare Node with `addContext` for each host. The clients, in Node, take more time than the servers, so the processor time per handshake says more than handshakes per second.',
  async measure({ quick }) {
    const points = quick ? [1, 100] : [1, 10, 100, 1_000]
    using certificates = await hostCertificates(points.at(-1))
    const grown = await grow({
      points,
      subjects: [byHand, ours],
      rounds: 1,
      measure: (subject, count) => sample(subject, count, { certificates, seconds: quick ? 0.75 : 1.5 }),
    })
    const chart = (key, file, title, yTitle) => ({
      file: `growth-hosts-${file}`,
      title: `${title}, by the number of hosts with a certificate`,
      kind: 'lines',
      xTitle: 'hosts',
      yTitle,
      xLog: true,
      series: grown.curves(key),
    })
    return {
      tables: [grown.table({ title: 'By hosts', pointName: 'hosts', measures })],
      charts: [
        chart('startMs', 'start', 'Time from exec to the first answer', 'ms'),
        chart('memoryMb', 'memory', 'Memory', 'MB'),
        chart('processorUs', 'handshakes', 'Processor time per full handshake', 'µs'),
      ],
    }
  },
}

async function sample(subject, count, { certificates, seconds }) {
  await using server = await subject.start({ pair: certificates.pair, ...certificates.filesFor(count) })
  const hosts = Array.from({ length: count }, (_, index) => hostName(index))
  await handshakesByHost(server, { seconds: seconds / 3, hosts })
  const before = processorMs(server.pids())
  const seen = await handshakesByHost(server, { seconds, hosts })
  const used = processorMs(server.pids()) - before
  return {
    startMs: server.startMs,
    memoryMb: memoryMb(server.pids()),
    perSecond: seen.perSecond,
    processorUs: (used * 1_000) / seen.count,
  }
}
