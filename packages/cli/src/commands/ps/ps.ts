import { throwFaults } from '@lockstep/core/internal'
import { resultJson } from '../../json/write-json.ts'
import type { Command } from '../command.ts'
import { serversFound } from '../selection.ts'
import { jsonFlag } from '../verb-progress.ts'
import { renderServerList } from './server-list.ts'

export const psCommand: Command = {
  name: 'ps',
  summary: 'List the running servers of this user, one per line.',
  positionals: [],
  flags: jsonFlag,
  takesOptions: false,
  async run(line, output) {
    throwFaults(line.faults)
    const servers = (await serversFound({}, line)).map(({ status }) => status)
    output.out(line.report.asJson ? resultJson('ps', { servers }) : renderServerList(servers))
    return 0
  },
}
