import { honoured, refused } from '../plan/option-support.ts'
import type { SupportAnswer, SupportContext } from '../plan/support-answer.ts'
import { socketFileSupport } from './account-support.ts'

type AskedAddresses = readonly { readonly kind: string }[] | null

/** The answer to `bind` and `tls.redirect` of a backend that binds by `listenOnAll()` and serves in the process that binds. */
export function addressSupport(addresses: AskedAddresses, { platform }: SupportContext): SupportAnswer {
  const has = (...kinds: readonly string[]): boolean =>
    addresses?.some(({ kind }) => kinds.includes(kind)) ?? false
  if (platform === 'win32') {
    // Node reads a path as the name of a pipe there, which is another thing than a socket in the file system.
    if (has('unix'))
      return refused('Node has no UNIX domain sockets on Windows', 'Bind pipe:NAME or HOST:PORT instead.')
    if (has('fd', 'fd-name'))
      return refused('no socket is handed to a process by its number on Windows', 'Bind HOST:PORT instead.')
  } else if (has('pipe')) return refused('named pipes are of Windows', 'Bind unix:PATH instead.')
  return honoured('bound before the server is announced')
}

/** The same for a backend whose primary hands connections over to workers. */
export function handedOverAddressSupport(addresses: AskedAddresses, context: SupportContext): SupportAnswer {
  // https://nodejs.org/api/child_process.html, subprocess.send(): only TCP sockets cross processes on Windows.
  if (context.platform === 'win32' && addresses?.some(({ kind }) => kind === 'pipe'))
    return refused(
      'a connection of a named pipe cannot be handed to another process on Windows',
      'Use the backend single, or bind HOST:PORT.',
    )
  return addressSupport(addresses, context)
}

/** The answers of a backend that binds by `listenOnAll()` and `listenForRedirects()`, and serves in the process that binds. */
export const listenSupport = {
  bind: addressSupport,
  'tls.redirect': addressSupport,
  ...socketFileSupport,
  host: honoured('bound by this process'),
  port: honoured('bound by this process'),
  backlog: honoured('listen(2)'),
} as const
