// Which cases the tests run on `single` and `cluster`.
import { conformanceCases, matchesPattern } from '@lockstep/conformance'
import { whereNodeDiffers } from './where-node-differs.mjs'

/** How bytes are read once a connection is open. No door has a part in that. */
const onOpenConnections = ['hardening/*', 'http2/*', 'limits/*', 'proxy/*', 'processes/balance/*']

/** The command runs all: it goes through what the other two doors show apart. */
const leftOut = { command: [], launch: whereNodeDiffers, backend: onOpenConnections }

export function casesInTests(door) {
  return conformanceCases.filter(({ id }) => !leftOut[door].some((pattern) => matchesPattern(id, pattern)))
}
