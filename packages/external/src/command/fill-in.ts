import type { PrivatePlace } from '@lockstep/core/internal'

const placeholder = /\{(port|host|socket)\}/g

export type Placeholder = 'port' | 'host' | 'socket'

/** The placeholders that the words of a command have. */
export function placeholdersIn(words: readonly string[]): ReadonlySet<Placeholder> {
  return new Set(
    words.flatMap((word) => [...word.matchAll(placeholder)].map(([, name]) => name as Placeholder)),
  )
}

/** The same words with the place in them. Other braces stay as they are. */
export function fillIn(words: readonly string[], place: PrivatePlace): string[] {
  const values: Readonly<Record<string, string>> =
    place.kind === 'tcp' ? { port: String(place.port), host: place.host } : { socket: place.path }
  return words.map((word) => word.replaceAll(placeholder, (whole, name: string) => values[name] ?? whole))
}

/** The same for the values of environment variables. */
export function fillInVariables(
  variables: Readonly<Record<string, string>>,
  place: PrivatePlace,
): Record<string, string> {
  const names = Object.keys(variables)
  const values = fillIn(Object.values(variables), place)
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
}
