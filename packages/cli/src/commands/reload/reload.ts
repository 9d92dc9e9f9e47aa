import { LaunchError, throwFaults } from '@lockstep/core/internal'
import { failureJson, resultJson } from '../../json/write-json.ts'
import type { Command } from '../command.ts'
import { selectedServer, selectionFlags } from '../selection.ts'
import { jsonFlag, progressOf } from '../verb-progress.ts'
import { appIsKept, renderReload } from './render-reload.ts'

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
    // The hook of a renewal has what it wanted, also where the watch was first. Over plain HTTP the app is all that there is to reload.
    const failure = result.appKept && result.before === null ? nothingReloaded(server.status.backend) : null
    if (!line.report.asJson) output.out(renderReload(result, server.status.backend))
    else if (failure) output.out(failureJson('reload', failure, { result }))
    else output.out(resultJson('reload', result))
    if (failure && !line.report.asJson) line.report.failed(failure)
    return failure?.exitCode ?? 0
  },
}

function nothingReloaded(backend: string): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_NO_WORKERS',
    message: `${appIsKept(backend)} The server keeps serving as before.`,
    hint: 'Start the server with --backend cluster, whose primary replaces the worker (one worker is enough). For the certificates alone, use `lockstep reload --tls-only`.',
  })
}
