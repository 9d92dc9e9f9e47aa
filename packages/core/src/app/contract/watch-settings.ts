import type { Server } from 'node:http'
import { serverSettings } from './server-settings.ts'

/**
 * Calls back each time that the app sets a setting on its server. A trick: the settings become accessors, as Node says nothing of it when a
 * property is set. Those that Node keeps under symbols are not meant to be set. Where the app has made a property fixed, it can't be set either.
 */
export function watchSettings(server: Server, onSet: () => void): void {
  for (const name of Object.keys(serverSettings)) {
    const { value: current, configurable, writable, enumerable = false } = propertyOf(server, name)
    if (!configurable || !writable) continue
    let value: unknown = current
    Object.defineProperty(server, name, {
      configurable: true,
      enumerable,
      get: () => value,
      set(given: unknown) {
        value = given
        onSet()
      },
    })
  }
}

/** One that is not there, as `maxConnections` until it is set, is undefined and hidden. */
function propertyOf(server: Server, name: string): PropertyDescriptor {
  return (
    Object.getOwnPropertyDescriptor(server, name) ?? {
      value: undefined,
      configurable: Object.isExtensible(server),
      writable: true,
      enumerable: false,
    }
  )
}
