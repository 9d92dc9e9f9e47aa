/** The port of a page, such as 3000, and the one that is really bound. */
export interface PortPair {
  readonly shown: number
  readonly real: number
}

const bound =
  /(?<=(?:--port|--bind|--tls-redirect|-b)[ =])(?:(?:127\.0\.0\.1|localhost)?:)?(?<port>\d{2,5})\b/
const boundInFile = /(?<=\bport: )(?<port>\d{2,5})\b/
const server = /^(?:[A-Z_]+=\S+ )*(?:npx )?lockstep (?:run|serve|exec)\b/

export function startsServer(command: string): boolean {
  return server.test(command)
}

/** Returns the command that binds any free port instead, and the port that the page names. */
export function withFreePort(command: string): { command: string; shown: number | null } {
  const port = bound.exec(command)?.groups?.['port']
  const adapted = command.replace(bound, '0').replace(/ --inspect(?= )/, ' --inspect=0')
  return { command: adapted, shown: port === undefined ? null : Number(port) }
}

/** The same for the content of a configuration file or of a program. */
export function fileWithFreePort(text: string): { text: string; shown: number | null } {
  const port = boundInFile.exec(text)?.groups?.['port']
  return { text: text.replace(boundInFile, '0'), shown: port === undefined ? null : Number(port) }
}

/** Puts the real port where a client of the page names the other one. */
export function toReal(command: string, pairs: readonly PortPair[]): string {
  return pairs.reduce(
    (text, { shown, real }) =>
      text.replaceAll(
        new RegExp(`(?<=localhost:|127\\.0\\.0\\.1:|\\[::1\\]:)${shown}\\b`, 'g'),
        String(real),
      ),
    command,
  )
}

export function toShown(output: string, pairs: readonly PortPair[]): string {
  return pairs.reduce(
    (text, { shown, real }) => text.replaceAll(new RegExp(`(?<=:)${real}\\b`, 'g'), String(shown)),
    output,
  )
}
