import {
  type ControlledServer,
  findServers,
  LaunchError,
  type ReadArgv,
  type ServerSelection,
  selectServer,
} from '@lockstep/core/internal'
import { type CommandLine, type DescribedFlag, flagText } from './command.ts'

/** The flags that say which running server a verb means. */
export const selectionFlags = {
  pid: { takesValue: true, placeholder: '<pid>', summary: 'The server whose launcher has this process id.' },
  name: {
    takesValue: true,
    short: 'n',
    placeholder: '<name>',
    summary: 'The server that was started with this name.',
  },
} as const satisfies Record<string, DescribedFlag>

/** What the flags of a command line select. */
export function selectionOf(line: ReadArgv): ServerSelection {
  const pid = flagText(line, 'pid')
  if (pid !== undefined && !/^\d+$/.test(pid))
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      message: `--pid must be a process id; found "${pid}".`,
      hint: '`lockstep status` shows the process ids of all servers.',
      source: '--pid',
    })
  return { pid: pid === undefined ? undefined : Number(pid), name: flagText(line, 'name') }
}

/** The one server that a verb means; throws when that is not clear. */
export async function selectedServer(line: CommandLine): Promise<ControlledServer> {
  const selection = selectionOf(line)
  return selectServer(await serversFound(selection, line), selection)
}

/** The servers that answer. The others are reported on standard error. */
export function serversFound(
  selection: ServerSelection,
  { report }: CommandLine,
): Promise<ControlledServer[]> {
  return findServers({ ...selection, onUnreachable: report.noticed })
}
