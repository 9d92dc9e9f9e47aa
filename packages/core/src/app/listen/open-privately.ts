import type { OpenAppPort } from './intercept-listen.ts'

/** Lets a server of the app listen where no client looks for it, for a rehearsal: the port may be that of a server that runs. */
export const openPrivately: OpenAppPort = (server, { callback, signal }, listen) => {
  Reflect.apply(listen, server, [
    { ...privatePlace, ...(signal && { signal }) },
    ...(callback ? [callback] : []),
  ])
  return true
}

const privatePlace = { host: '127.0.0.1', port: 0 } as const

/** Whether that is a place which `openPrivately` has chosen, as far as it can be seen from outside. */
export function mayBePrivate(host: string): boolean {
  return host === privatePlace.host
}
