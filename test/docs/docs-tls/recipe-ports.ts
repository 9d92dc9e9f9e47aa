import type { Started } from '../../support/lockstep.ts'

/** Maps the port that the page names to the port that is really bound. */
export type Ports = ReadonlyMap<number, number>

/** The ports that the page uses for HTTPS and for the redirect to it. */
const secure = [8443, 443]
const plain = [80]
const anyPort = [...secure, ...plain].join('|')

/** Matches the text before a port to bind, with its address. */
const bound = new RegExp(
  `((?:--port|--bind|--tls-redirect|-b)[ =]|port: )((?:127\\.0\\.0\\.1)?:)?(?:${anyPort})\\b`,
  'g',
)
const asked = new RegExp(`(?<=localhost:)(${anyPort})\\b`, 'g')

/** Replaces the ports that a recipe binds by free ports of loopback, and the ports that it calls by those that the servers got. */
export function adaptToRun(text: string, ports: Ports): string {
  return text
    .replace(bound, (_all, option: string, address?: string) => `${option}${address ? '127.0.0.1:' : ''}0`)
    .replace(asked, (port: string) => String(ports.get(Number(port)) ?? port))
}

/** Learns the ports from the banner. */
export function placesOf(server: Pick<Started, 'port' | 'stdout'>): Ports {
  const redirect = /http:\/\/127\.0\.0\.1:(\d+)\/ → HTTPS/.exec(server.stdout())?.[1]
  return new Map([
    ...secure.map((port) => [port, server.port] as const),
    ...plain.flatMap((port) => (redirect === undefined ? [] : [[port, Number(redirect)] as const])),
  ])
}
