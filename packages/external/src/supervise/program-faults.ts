import {
  LaunchError,
  type ListeningPlace,
  type PrivatePlace,
  type ProgramExit,
} from '@lockstep/core/internal'
import { showPlace } from './show-place.ts'

interface AboutPlace {
  readonly title: string
  readonly place: PrivatePlace
}

/** The program has ended before it was ready, or before the server was announced. */
export function endedEarly({
  title,
  exit,
  left,
  lastLines,
}: {
  title: string
  exit: ProgramExit
  /** Of its output, where they were kept. */
  lastLines?: readonly string[]
  /** Processes that it has started and left. */
  left: readonly number[]
}): LaunchError {
  const how = exit.signal === null ? `exit code ${exit.code}` : exit.signal
  const isDaemon = exit.code === 0 && left.length > 0
  return new LaunchError({
    code: 'LOCKSTEP_ERR_PROGRAM_ENDED',
    message: isDaemon
      ? `${title} went into the background: it has ended (${how}), and left ${left.length === 1 ? `process ${left[0]}` : `${left.length} processes`} running, which cannot be supervised and was ended too.`
      : `${title} ended before it was ready (${how})${quoted(lastLines)}`,
    hint: isDaemon
      ? 'Start it in the foreground. Many programs have a flag for that, such as --no-daemon or --foreground.'
      : 'Run the same command by hand to see more.',
    source: 'command',
  })
}

export function notReady({
  title,
  what,
  bootMs,
  lastLines,
}: {
  /** Of its output. */
  lastLines: readonly string[]
  title: string
  /** What it has not done, as an infinitive. */
  what: string
  bootMs: number
}): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_BOOT_TIMEOUT',
    message: `${title} did not ${what} within ${bootMs / 1_000} s${quoted(lastLines)}`,
    hint: 'Raise --boot-timeout if it needs longer. --upstream-ready-path and --upstream-ready-output say what makes it ready.',
    source: 'timeouts.boot',
  })
}

export function listensElsewhere({
  title,
  place,
  places,
}: AboutPlace & { readonly places: readonly ListeningPlace[] }): LaunchError {
  const found = places.map(showPlace).join(' and ')
  return new LaunchError({
    code: 'LOCKSTEP_ERR_PROGRAM_PLACE',
    message:
      found === ''
        ? `${title} does not listen at ${showPlace(place)}, where it was asked to.`
        : `${title} listens at ${found}, and not at ${showPlace(place)}, where it was asked to.`,
    hint:
      place.kind === 'tcp'
        ? 'Pass the address on to it: write {host} and {port} among its arguments, as in `--host {host} --port {port}`, or have it read the variables HOST and PORT.'
        : 'Pass the path on to it: write {socket} among its arguments.',
    source: 'command',
  })
}

export function placeIsTaken({
  title,
  place,
  pid,
}: AboutPlace & { readonly pid: number | null }): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_PROGRAM_PLACE',
    message: `At ${showPlace(place)}, where ${title} was asked to listen, ${pid === null ? 'a process that this user cannot see' : `process ${pid}`} listens, which is not a part of that program.`,
    hint: 'Start the program itself, and not a client that has another process start it, such as `docker run` or `systemctl start`. If the other process came first, start again: another port is chosen each time.',
    source: 'command',
  })
}

/** The server in front would get no answer. */
export function takesUpTls({ title, place }: AboutPlace): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_PROGRAM_TLS',
    message: `${title} speaks TLS at ${showPlace(place)}, where the server in front speaks plain HTTP to it.`,
    hint: 'Leave certificate and key out of its own arguments, variables and files, and give them to Lockstep (--tls-cert, --tls-key).',
    source: 'command',
  })
}

export function exposesItself({
  title,
  place,
  exposed,
}: AboutPlace & { readonly exposed: readonly ListeningPlace[] }): LaunchError {
  const host = place.kind === 'tcp' ? place.host : '127.0.0.1'
  return new LaunchError({
    code: 'LOCKSTEP_ERR_PROGRAM_EXPOSED',
    message: `${title} also listens at ${exposed.map(showPlace).join(' and ')} in plain HTTP, where other machines can reach it past the server in front.`,
    hint: `Have it listen at ${host} alone: write {host} among its arguments, as in \`--host {host}\`, or have it read the variable HOST.`,
    source: 'command',
  })
}

/** The end of a sentence, and what the program has said itself. */
function quoted(lines: readonly string[] | undefined): string {
  if (lines === undefined) return '. Its output is above.'
  return lines.length === 0
    ? '. It has written nothing.'
    : `. Its last lines were:\n${lines.map((line) => `  ${line}`).join('\n')}\n`
}
