// Which cases the tests run on `single` and `cluster`.
import { conformanceCases, matchesPattern } from '@lockstep/conformance'
import { tlsOfCluster, whereNodeDiffers } from './where-node-differs.mjs'

/** How bytes are read once a connection is open. No door has a part in that. */
const onOpenConnections = ['hardening/*', 'http2/*', 'limits/*', 'proxy/*', 'processes/balance/*']

/** What a worker of `cluster` does with a connection by the code of `single`, which takes half the processes. The balances stay: they are of `cluster`. */
const asUnderSingle = ['hardening/*', 'http2/*', 'limits/*', 'proxy/*']

/** The command runs all on `single`: it goes through what the other two doors show apart. */
const leftOut = {
  command: [],
  launch: [...whereNodeDiffers, ...onOpenConnections],
  backend: ['tls/*', ...onOpenConnections],
}

/** Of TLS, what a backend does itself: it takes the first snapshot, and later ones. */
const kept = { command: [], launch: [], backend: ['tls/cert/*', 'tls/reload/*'] }

const isIn = (id, patterns) => patterns.some((pattern) => matchesPattern(id, pattern))

/** Without TEST_EVERYTHING: other tests see most of what is left out, through `launch()` and in parts. */
export function casesBeforeCommit(backend) {
  const more = backend === 'cluster' ? ['tls/*'] : []
  const isKept = (id) => !isIn(id, ['app/*', ...onOpenConnections, ...more]) || isIn(id, tlsOfCluster)
  return conformanceCases.filter(({ id }) => isKept(id))
}

/** With TEST_EVERYTHING, as in CI. `npm run matrix` runs all of them on both. */
export function casesInTests(door, backend) {
  // A worker loads the app by the same code, whichever door asked for it. The command shows that.
  const loading = door === 'backend' ? ['app/*'] : []
  const more = backend === 'cluster' ? [...asUnderSingle, ...loading] : []
  return conformanceCases.filter(({ id }) => !isIn(id, [...leftOut[door], ...more]) || isIn(id, kept[door]))
}
