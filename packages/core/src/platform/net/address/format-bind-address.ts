import { hostInUrl } from './host-in-url.ts'

/** An address as a user asks for it. Port 0 asks the system for a free one. */
export type BindAddress =
  | {
      readonly kind: 'tcp'
      /** The name or the IP address of an interface. */
      readonly host: string
      /** 0: a free one. */
      readonly port: number
    }
  | {
      /** A UNIX domain socket. */
      readonly kind: 'unix'
      /** Absolute. */
      readonly path: string
    }
  | {
      /** A named pipe of Windows. */
      readonly kind: 'pipe'
      /** Its whole name: `\\\\.\\pipe\\NAME`. */
      readonly path: string
    }
  | {
      /** A socket that the parent process has opened for this one. */
      readonly kind: 'fd'
      /** The number of its descriptor. */
      readonly fd: number
    }
  | {
      /** Those that a service manager has handed over under this name: see `service-variables.ts`. */
      readonly kind: 'fd-name'
      readonly name: string
    }

/** What the whole name of a named pipe begins with. */
export const pipePrefix = '\\\\.\\pipe\\'

/** Writes an address in the form that `bind` reads. */
export function formatBindAddress(address: BindAddress): string {
  switch (address.kind) {
    case 'unix':
      return `unix:${address.path}`
    case 'pipe':
      return `pipe:${address.path.slice(pipePrefix.length)}`
    case 'fd':
      return `fd://${address.fd}`
    case 'fd-name':
      return `fd://${address.name}`
    case 'tcp':
      return `${hostInUrl(address.host)}:${address.port}`
  }
}
