import { LaunchError } from '../../errors/launch-error.ts'
import { codeOf } from '../../errors/thrown.ts'
import { removeStaleSocket } from '../files/remove-stale-socket.ts'
import type { BoundAddress } from './address/bound-address.ts'
import { lookUpHosts } from './address/look-up-host.ts'
import type { PlannedAddress } from './address/planned-address.ts'
import { bindFault } from './bind-fault.ts'

/** How many ports from a default one on are tried before the system is asked for any. */
const attempts = 20

/** What an address of a name fails with that this machine does not have. EINVAL: a link-local one without its interface. */
const missingHere = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']

/**
 * Opens the address, or if that may move and is taken, the first of its neighbours that is free. `open` gets IP addresses only: of a
 * name, the first that this machine has. Throws a `LaunchError`.
 */
export async function openFirst<Opened extends { readonly address: BoundAddress }>(
  asked: PlannedAddress,
  open: (candidate: PlannedAddress) => Promise<Opened>,
  platform: NodeJS.Platform = process.platform,
): Promise<Opened> {
  if (asked.kind === 'unix') await removeStaleSocket(asked.path)
  if (asked.kind !== 'tcp') return openOrExplain(asked, () => open(asked))
  const hosts = await openOrExplain(asked, () => lookUpHosts(asked.host))
  const tried = asked.elseHost === undefined ? hosts : [...hosts, asked.elseHost]
  const candidates = asked.mayMove ? neighbours(asked) : [asked]
  for (const [index, candidate] of candidates.entries()) {
    try {
      const opened = await openOnFirstHost(tried, (host) => open({ ...candidate, host }))
      return index === 0 ? opened : moved(opened, asked.port)
    } catch (error) {
      if (!isTaken(error, platform) || index === candidates.length - 1) throw explained(candidate, error)
    }
  }
  throw new RangeError('there is at least one address to try')
}

/** Windows denies a port that it keeps from programs: see `address-hints.ts`. */
function isTaken(error: unknown, platform: NodeJS.Platform): boolean {
  return codeOf(error) === 'EADDRINUSE' || (platform === 'win32' && codeOf(error) === 'EACCES')
}

async function openOnFirstHost<Opened>(
  hosts: readonly string[],
  open: (host: string) => Promise<Opened>,
): Promise<Opened> {
  let failure: unknown
  for (const host of hosts) {
    try {
      return await open(host)
    } catch (error) {
      if (!missingHere.includes(codeOf(error))) throw error
      failure ??= error
    }
  }
  throw failure
}

async function openOrExplain<Opened>(asked: PlannedAddress, open: () => Promise<Opened>): Promise<Opened> {
  try {
    return await open()
  } catch (error) {
    throw explained(asked, error)
  }
}

function explained(asked: PlannedAddress, error: unknown): LaunchError {
  return error instanceof LaunchError ? error : new LaunchError(bindFault(asked, error))
}

function neighbours(asked: TcpAddress): TcpAddress[] {
  const ports = Array.from({ length: attempts }, (_, offset) => asked.port + offset)
  return [...ports, 0].map((port) => ({ ...asked, port }))
}

type TcpAddress = Extract<PlannedAddress, { kind: 'tcp' }>

function moved<Opened extends { readonly address: BoundAddress }>(opened: Opened, from: number): Opened {
  const { address } = opened
  return { ...opened, address: address.kind === 'tcp' ? { ...address, movedFrom: from } : address }
}
