// A report of the declarations of each public entry, so that a review sees each change of the API. A test compares the reports.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extractApi } from './extract-api.mjs'

/** `lockstep` re-exports these entries of the packages behind it. */
const entries = [
  { report: 'lockstep', package: 'core', entry: 'index' },
  { report: 'lockstep-backend', package: 'core', entry: 'backend' },
  { report: 'lockstep-control', package: 'core', entry: 'control' },
  { report: 'lockstep-conformance', package: 'conformance', entry: 'index' },
  { report: 'certs', package: 'certs', entry: 'index' },
  { report: 'certs-judge', package: 'certs', entry: 'judge' },
]

/** Returns the text of each report by its path in the repository. Throws when a declaration can't be read. */
export function apiReports() {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-api-'))
  try {
    return Object.fromEntries(entries.map((one) => [`docs/api/${one.report}.api.md`, reportOf(one, folder)]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function reportOf({ report, ...entry }, folder) {
  extractApi(entry, {
    apiReport: {
      enabled: true,
      reportFolder: folder,
      reportTempFolder: join(folder, 'temporary'),
      reportFileName: report,
    },
  })
  // Without the line numbers, which change with each comment.
  return readFileSync(join(folder, `${report}.api.md`), 'utf8').replace(/^(\/\/ \S+\.ts):\d+:\d+/gm, '$1')
}
