import type { Fault } from '../errors/launch-error.ts'

/** Why a socket that was handed over can't be served. */
export function descriptorFault(fd: number, problem: string): Fault {
  return {
    code: 'ERR_SOCKET_DESCRIPTOR',
    message: `fd://${fd} can not be listened on: ${problem}.`,
    hint: 'Whoever starts the server has to open a stream socket there and let it be inherited, as systemd does by a socket unit.',
  }
}
