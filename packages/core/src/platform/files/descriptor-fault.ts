import { type Fault, LaunchError } from '../../errors/launch-error.ts'
import { problemOfDescriptor } from '../net/inherited-socket.ts'

/** Why a socket that was handed over can't be served. */
export function descriptorFault(fd: number, problem: string): Fault {
  return {
    code: 'LOCKSTEP_ERR_SOCKET_DESCRIPTOR',
    message: `fd://${fd} cannot be listened on: ${problem}.`,
    hint: 'The program that starts the server must open a stream socket there and let it be inherited, as systemd does by a socket unit.',
  }
}

/** Throws a `LaunchError` unless a stream socket that can be listened on was handed over there. */
export function checkDescriptor(fd: number): void {
  const problem = problemOfDescriptor(fd)
  if (problem !== null) throw new LaunchError(descriptorFault(fd, problem))
}

/** What is served must be visible from outside, so a socket needs an address that can be reported. */
export function withoutPath(fd: number): never {
  throw new LaunchError(
    descriptorFault(fd, `${process.platform} does not report the path of its UNIX domain socket`),
  )
}
