import type { Started } from '../support/lockstep.ts'

/** The port that is really bound, by the one that the page names. */
export type Ports = ReadonlyMap<number, number>

/** Where the page puts servers: HTTPS, and what redirects to it. */
const secure = [8443, 443]
const plain = [80]
const anyPort = [...secure, ...plain].join('|')

/** What stands before a port that is to be bound, and its address. */
const bound = new RegExp(
  `((?:--port|--bind|--tls-redirect|-b)[ =]|port: )((?:127\\.0\\.0\\.1)?:)?(?:${anyPort})\\b`,
  'g',
)
const asked = new RegExp(`(?<=localhost:)(${anyPort})\\b`, 'g')

/** Takes free ports of loopback in place of those that a recipe binds, and what a server got in place of those that it calls. */
export function adaptToRun(text: string, ports: Ports): string {
  return text
    .replace(bound, (_all, option: string, address?: string) => `${option}${address ? '127.0.0.1:' : ''}0`)
    .replace(asked, (port: string) => String(ports.get(Number(port)) ?? port))
}

/** By the banner. */
export function placesOf(server: Pick<Started, 'port' | 'stdout'>): Ports {
  const redirect = /http:\/\/127\.0\.0\.1:(\d+)\/ → HTTPS/.exec(server.stdout())?.[1]
  return new Map([
    ...secure.map((port) => [port, server.port] as const),
    ...plain.flatMap((port) => (redirect === undefined ? [] : [[port, Number(redirect)] as const])),
  ])
}
