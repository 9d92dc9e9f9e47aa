import { type ToldReload, visibleFacts } from '@lockstep/core/internal'
import { columns } from '../../render/columns.ts'
import { doneLine, noteLine, warningLine } from '../../render/result-lines.ts'

/** The result of a reload, for people. */
export function renderReload(told: ToldReload, backend: string): string {
  const result = visibleFacts(told)
  return `${certificateLine(result)}${appLine(result, backend)}${certificateFacts(result)}${configLine(result)}${result.warnings.map(warningLine).join('')}`
}

function certificateLine({
  changed,
  before,
  replaced,
  appKept,
  workers,
  acknowledgedMs,
}: ToldReload): string {
  // Plain HTTP has no certificate. Then there is something else to report.
  if (before === null && (replaced > 0 || appKept)) return ''
  if (!changed) return doneLine(`Certificates and TLS settings have not changed.`)
  const count = `${workers} ${workers === 1 ? 'worker' : 'workers'}`
  return doneLine(
    `${count} ${workers === 1 ? 'uses' : 'use'} the new certificates and TLS settings, ${acknowledgedMs} ms after they were read and checked.`,
  )
}

function appLine({ before, replaced, appKept, durationMs }: ToldReload, backend: string): string {
  if (replaced > 0)
    return doneLine(
      `The app was reloaded: ${replaced} ${replaced === 1 ? 'worker was' : 'workers were'} replaced in ${(durationMs / 1_000).toFixed(1)} s.`,
    )
  // Over plain HTTP an error says it.
  return appKept && before !== null
    ? noteLine(`${appIsKept(backend)} For that, start the server with --backend cluster.`)
    : ''
}

/** The sentence for it, whether the reload fails by that or not. */
export function appIsKept(backend: string): string {
  return `The app was not reloaded: the backend ${backend} serves in one process, which can't load it again.`
}

/** Values of data are read each time, which needs no word. A success above the error would look like half a reload. */
function configLine({ config, before, appKept }: ToldReload): string {
  if (before === null && appKept)
    return config === 'loaded' || config === 'read'
      ? noteLine('The configuration file was checked. It has no changes to apply.')
      : ''
  return config === 'loaded'
    ? doneLine(
        'The configuration file was loaded again. Its values are in use. Functions in it, such as hooks, stay as they were at the start.',
      )
    : ''
}

function certificateFacts({ changed, before, after, sessionsKept, verification }: ToldReload): string {
  if (!changed) return ''
  const rows = columns([
    ['before', `${before?.fingerprint256}, expires ${before?.notAfter.slice(0, 10)}`],
    ['now', `${after?.fingerprint256}, expires ${after?.notAfter.slice(0, 10)}`],
    ['sessions', sessionsKept ? 'kept' : 'ended, since more than the certificate has changed'],
    ['verified', verification ? `on the wire, in ${verification.durationMs} ms` : 'no'],
  ])
  return `${rows}\n`
}
