import { randomInt } from 'node:crypto'
import getPort from 'get-port'

/** Below the ports that systems choose for port 0 and for clients: from 49152 on (RFC 6335 section 6), on Linux from 32768 on. */
const [lowest, highest] = [20_000, 32_767] as const
const tries = 50

/**
 * A TCP port that is free now, for programs that can't bind port 0 and report the real one. It is chosen where the system does not
 * assign ports automatically, so that it is most likely still free when it is bound.
 */
export function freePort(): Promise<number> {
  return getPort({ port: Array.from({ length: tries }, () => randomInt(lowest, highest + 1)) })
}
