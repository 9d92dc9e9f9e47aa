import { throwFaults, visibleJson } from '@lockstep/core/internal'
import type { Command } from '../command.ts'
import { serversFound } from '../selection.ts'
import { renderServerList } from './server-list.ts'

export const psCommand: Command = {
  name: 'ps',
  summary: 'List the running servers of this user, one per line.',
  positionals: [],
  flags: { json: { takesValue: false, summary: 'Write the status of each as JSON: an array.' } },
  takesOptions: false,
  async run(line, output) {
    throwFaults(line.faults)
    const servers = (await serversFound({}, output)).map(({ status }) => status)
    output.out(line.commandFlags.has('json') ? `${visibleJson(servers, 2)}\n` : renderServerList(servers))
    return 0
  },
}
