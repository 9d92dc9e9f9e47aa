import { type ControlledServer, selectServer, type ToldStatus, throwFaults } from '@lockstep/core/internal'
import { resultJson } from '../../json/write-json.ts'
import type { Command, Output } from '../command.ts'
import { selectionFlags, selectionOf, serversFound } from '../selection.ts'
import { jsonFlag } from '../verb-progress.ts'
import { renderStatus } from './render-status.ts'

/** How often `--watch` looks. */
const watchMs = 1_000

export const statusCommand: Command = {
  name: 'status',
  summary: 'Show the running servers of this user, or one of them.',
  positionals: [],
  flags: {
    ...selectionFlags,
    ...jsonFlag,
    watch: { takesValue: false, summary: 'Repeat every second, until the server has stopped.' },
  },
  takesOptions: false,
  async run(line, output) {
    throwFaults(line.faults)
    const selection = selectionOf(line)
    const found = await serversFound(selection, line)
    const isSelective = selection.pid !== undefined || selection.name !== undefined
    const servers = isSelective ? [selectServer(found, selection)] : found
    const { asJson } = line.report
    if (line.commandFlags.has('watch')) return watch(servers, { asJson, output })
    const statuses = servers.map(({ status }) => status)
    output.out(asJson ? resultJson('status', { servers: statuses }) : renderStatus(statuses))
    return 0
  },
}

async function watch(
  servers: readonly ControlledServer[],
  { asJson, output }: { asJson: boolean; output: Output },
): Promise<number> {
  let shown = ''
  for (;;) {
    const looks = await Promise.allSettled(servers.map((server) => server.look()))
    const statuses = looks.flatMap((look): ToldStatus[] => (look.status === 'fulfilled' ? [look.value] : []))
    if (statuses.length === 0) return 0
    const text = asJson
      ? resultJson('status', { servers: statuses }, { isLine: true })
      : renderStatus(statuses)
    // What has not changed need not be written again.
    if (text !== shown) output.out(asJson ? text : `${new Date().toISOString().slice(11, 19)}\n${text}\n`)
    shown = text
    await new Promise((resolve) => setTimeout(resolve, watchMs))
  }
}
