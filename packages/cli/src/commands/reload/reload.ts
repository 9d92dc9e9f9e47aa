import { throwFaults } from '@lockstep/core/internal'
import { resultJson } from '../../json/write-json.ts'
import type { Command } from '../command.ts'
import { selectedServer, selectionFlags } from '../selection.ts'
import { jsonFlag, progressOf } from '../verb-progress.ts'
import { renderReload } from './render-reload.ts'

export const reloadCommand: Command = {
  name: 'reload',
  summary:
    'Reload certificates and TLS settings, then replace the workers one by one without dropping connections.',
  positionals: [],
  flags: {
    ...selectionFlags,
    ...jsonFlag,
    'tls-only': {
      takesValue: false,
      summary: 'Reload certificates and TLS settings only, and keep the workers.',
    },
  },
  takesOptions: false,
  async run(line, output) {
    throwFaults(line.faults)
    const server = await selectedServer(line)
    const scope = line.commandFlags.has('tls-only') ? 'tls' : 'all'
    const result = await server.reload({
      scope,
      onProgress: progressOf(line, output),
    })
    output.out(
      line.report.asJson
        ? resultJson('reload', result)
        : renderReload(result, { backend: server.status.backend, scope }),
    )
    return 0
  },
}
