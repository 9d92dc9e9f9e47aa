import { once } from 'node:events'
import { accessSync, constants, lstatSync } from 'node:fs'
import { dirname } from 'node:path'
import { LaunchError } from '../../../errors/launch-error.ts'
import { checkDescriptor } from '../../files/descriptor-fault.ts'
import { canHoldAddresses, holdAddress } from '../hold-address.ts'
import { listenOnAll } from '../listen.ts'
import { closeListeners } from '../listener.ts'
import { openFirst } from '../open-first.ts'
import type { PlannedAddress } from './planned-address.ts'

/** Tries whether the addresses could be bound now, and closes them at once. Returns the fault of each that could not. */
export async function tryAddresses(addresses: readonly PlannedAddress[]): Promise<readonly LaunchError[]> {
  const refused: LaunchError[] = []
  for (const address of addresses) {
    try {
      await tryAddress(address)
    } catch (error) {
      if (!(error instanceof LaunchError)) throw error
      refused.push(error)
    }
  }
  return refused
}

/** Nothing listens meanwhile: a client that waits for the port would be let in, and refused again. */
async function tryAddress(address: PlannedAddress): Promise<void> {
  // Closing it would take it from the process for good.
  if (address.kind === 'fd') return checkDescriptor(address.fd)
  if (address.kind === 'unix' && !address.access) return tryPath(address)
  if (address.kind !== 'pipe' && canHoldAddresses())
    return (await holdAddress(address, { sockets: 1, backlog: null })).close()
  const [listener] = await listenOnAll([address], {
    backlog: 1,
    pauseOnConnect: true,
    onConnection: (socket) => socket.destroy(),
  })
  if (!listener) return
  closeListeners([listener])
  await once(listener.server, 'close')
}

/** Creates no file: another launcher would mistake it for one that a killed process has left, and both would remove it. */
async function tryPath(asked: Extract<PlannedAddress, { kind: 'unix' }>): Promise<void> {
  const address = { kind: 'unix', path: asked.path } as const
  await openFirst(asked, async () => {
    if (lstatSync(asked.path, { throwIfNoEntry: false }))
      throw Object.assign(new Error('bind EADDRINUSE'), { code: 'EADDRINUSE' })
    // With the dot, a file instead of the folder causes ENOTDIR.
    accessSync(`${dirname(asked.path)}/.`, constants.W_OK | constants.X_OK)
    return { address }
  })
}
