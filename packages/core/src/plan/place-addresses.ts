import type { Fault } from '../errors/launch-error.ts'
import type { InheritedSocket } from '../options/sources/environment/service-variables.ts'
import type { BindAddress } from '../platform/net/address/format-bind-address.ts'
import type { PlannedAddress, SocketAccess } from './launch-plan.ts'

/** What addresses need from elsewhere to be bound. */
export interface Surroundings {
  /** Sockets of a service manager. */
  readonly sockets: readonly InheritedSocket[]
  /** Of each UNIX domain socket that is bound by its path. */
  readonly access: SocketAccess | null
}

/** Addresses as they are bound: a name means every inherited socket that has it. */
export function placeAddresses(
  asked: readonly BindAddress[],
  { sockets, access }: Surroundings,
): PlannedAddress[] {
  return asked.flatMap((address): PlannedAddress[] => {
    switch (address.kind) {
      case 'unix':
        return [{ ...address, ...(access && { access }), mayMove: false }]
      case 'fd-name':
        return sockets
          .filter(({ name }) => name === address.name)
          .map(({ fd }) => ({ kind: 'fd', fd, mayMove: false }))
      default:
        return [{ ...address, mayMove: false }]
    }
  })
}

/** Names that no inherited socket has. */
export function unknownNames(
  asked: readonly BindAddress[],
  { sockets, source }: { sockets: readonly InheritedSocket[]; source: string },
): Fault[] {
  return asked.flatMap((address) =>
    address.kind === 'fd-name' && !sockets.some(({ name }) => name === address.name)
      ? [unknownName(address.name, { sockets, source })]
      : [],
  )
}

function unknownName(
  wanted: string,
  { sockets, source }: { sockets: readonly InheritedSocket[]; source: string },
): Fault {
  const names = sockets.map(({ fd, name }) => `${fd} (${name ?? 'no name'})`).join(', ')
  return {
    code: 'LOCKSTEP_ERR_SOCKET_NAME',
    message: `No socket with the name ${wanted} is handed over; ${names === '' ? 'there is none at all' : `there are ${names}`}.`,
    hint: 'The name is FileDescriptorName= of the socket unit, and reaches the server as LISTEN_FDNAMES, with LISTEN_PID and LISTEN_FDS.',
    source,
  }
}
