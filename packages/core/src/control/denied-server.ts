import type { Fault } from '../errors/launch-error.ts'

/** The fault of a server that runs, and that lets this user not connect. On Windows it was started by an administrator most often. */
export function deniedServer(file: string, platform: NodeJS.Platform = process.platform): Fault {
  return {
    code: 'LOCKSTEP_ERR_CONTROL_UNREACHABLE',
    message: `The server behind ${file} cannot be asked: permission is denied.`,
    hint:
      platform === 'win32'
        ? 'It was started as an administrator. Open a console with "Run as administrator" for this command.'
        : 'Run this command as the user that started the server.',
  }
}
