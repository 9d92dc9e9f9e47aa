// What `npm test` runs of the matrix beside the tests, which cover the pinned Node: a part on every other platform. Its reports
// are separate, so that they are not mistaken for cells of the matrix.
import { join } from 'node:path'
import { rootFolder } from '../workspace.mjs'
import { platforms } from './platforms.mjs'
import { runCell } from './run-cell.mjs'
import { fallsShort, tellCells } from './tell-cells.mjs'
import { betweenProcesses, tlsOfCluster } from './where-node-differs.mjs'

const folder = join(rootFolder, 'reports/of-tests')
/** What could differ where processes, files and sockets do; the decisions of preflight are the same code everywhere. */
const startStopCrash = {
  single: [
    'app/args/*',
    'app/signals/*',
    'limits/send-timeout/*',
    'options/refuses/*-on-windows',
    'control/*',
    'tls/cert/*',
    'tls/client-auth/*',
    'tls/reload/*',
    'tls/resumption/*',
    'tls/watch/replaced-folder',
    'processes/name/*',
    'processes/drain/*',
  ],
  // What its workers do with a connection, `single` does by the same code.
  cluster: [
    'app/signals/*',
    'control/*',
    'tls/cert/serves-*',
    'tls/reload/*',
    'tls/resumption/*',
    'processes/workers/*',
    'processes/name/*',
    'processes/drain/*',
    'processes/reload/replaces-*',
    'processes/scale/*',
  ],
}

const own = ['single', 'cluster']

/** A worker of `cluster` serves a connection by the same code as `single`, which takes half the processes. */
const ofNode = {
  single: ['app/*', 'limits/*', 'tls/*', 'processes/drain/*'],
  cluster: ['app/listen/*', 'app/lifespan/*', ...tlsOfCluster, ...betweenProcesses],
}
const throughLaunch = { backends: own, patterns: ofNode, doors: ['launch'], atATime: 4 }

/** What is run where. */
export const otherPlatforms = [
  { name: 'Linux, Node 22', ...throughLaunch },
  { name: 'Linux, Node 26', ...throughLaunch },
  {
    name: 'Windows, Node 24',
    backends: own,
    patterns: startStopCrash,
    doors: ['command'],
    atATime: 2,
  },
]

/** Resolves with the exit code, and with the reason when the platform can't be had here. */
export async function runOn({ name, backends, patterns, ...more }) {
  const platform = platforms.find((each) => each.name === name)
  const cells = []
  for (const backend of backends) {
    const extent = { ...more, patterns: patterns[backend] }
    cells.push(await runCell({ platform, backend, extent, folder }))
  }
  tellCells(cells)
  return {
    exitCode: cells.some(fallsShort) ? 1 : 0,
    notRun: cells.find(({ state }) => state === 'not run')?.reason,
  }
}
