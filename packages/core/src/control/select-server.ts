import { LaunchError } from '../errors/launch-error.ts'
import { controlFolder } from '../platform/net/control-endpoint.ts'
import type { ControlledServer } from './control-client.ts'
import type { ToldStatus } from './control-messages.ts'

/** Which server is meant; all that is given must fit. */
export interface ServerSelection {
  /** Of the launcher. */
  readonly pid?: number | undefined
  /** As `--name` gave it. */
  readonly name?: string | undefined
}

/** The one server that is meant. Throws when there is none, or more than one: a verb never guesses. */
export function selectServer(
  servers: readonly ControlledServer[],
  { pid, name }: ServerSelection,
): ControlledServer {
  const matching = servers.filter(
    ({ status }) => (pid === undefined || status.pid === pid) && (name === undefined || status.name === name),
  )
  const [server, another] = matching
  if (server && !another) return server
  const wanted = [
    pid === undefined ? '' : ` with the process id ${pid}`,
    name === undefined ? '' : ` named ${name}`,
  ].join(' and'.repeat(Number(pid !== undefined && name !== undefined)))
  if (server)
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_CONTROL_AMBIGUOUS',
      message: `This user has ${matching.length} running servers${wanted}: ${matching.map(describe).join(', ')}.`,
      hint: howToChoose(matching.map((each) => each.status)),
    })
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_CONTROL_NO_SERVER',
    message: `This user has no running server${wanted}${servers.length > 0 ? `, only ${servers.map(describe).join(', ')}` : ''}.`,
    hint: `Only servers that the same user started with \`lockstep run\`, or with \`launch()\` and the option \`control\`, are found. Looked in ${controlFolder()}.`,
  })
}

/** Names may be equal or unset, and one process may run several servers. */
function howToChoose(servers: readonly Pick<ToldStatus, 'pid' | 'name'>[]): string {
  const pids = servers.map(({ pid }) => pid)
  const names = servers.map(({ name }) => name)
  const ways = [...(hasUnique(pids) ? ['--pid'] : []), ...(hasUnique(names) ? ['--name'] : [])]
  return ways.length > 0
    ? `Choose one with ${ways.join(' or ')}.`
    : 'They run in one process: start each with a name of its own (`name`), and choose one with --name.'
}

function hasUnique(values: readonly (string | number | null)[]): boolean {
  return values.some((value) => value !== null && values.indexOf(value) === values.lastIndexOf(value))
}

function describe({ status: { pid, name, urls } }: ControlledServer): string {
  return `${pid}${name === null ? '' : ` (${name})`}${urls[0] === undefined ? '' : ` at ${urls[0]}`}`
}
