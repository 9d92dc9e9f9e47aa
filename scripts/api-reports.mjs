// A report of the declarations of each public entry, so that a review sees each change of the API. The compiler of API Extractor reads the
// declarations that the build has written. A test compares the reports.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'
import { rootFolder } from './workspace.mjs'

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

function reportOf({ report, package: name, entry }, folder) {
  const projectFolder = join(rootFolder, 'packages', name)
  const declarations = join(projectFolder, 'dist', `${entry}.d.ts`)
  const { succeeded } = Extractor.invoke(
    ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath: join(projectFolder, 'package.json'),
      configObject: {
        projectFolder,
        mainEntryPointFilePath: declarations,
        newlineKind: 'lf',
        compiler: { overrideTsconfig: { compilerOptions, files: [declarations] } },
        apiReport: {
          enabled: true,
          reportFolder: folder,
          reportTempFolder: join(folder, 'temporary'),
          reportFileName: report,
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          compilerMessageReporting: { default: { logLevel: 'error' } },
          // A type that users meet and can't name is part of the report.
          extractorMessageReporting: {
            default: { logLevel: 'none' },
            'ae-forgotten-export': { logLevel: 'warning', addToApiReportFile: true },
          },
          tsdocMessageReporting: { default: { logLevel: 'none' } },
        },
      },
    }),
    { localBuild: true, messageCallback },
  )
  if (!succeeded) throw new Error(`the declarations of ${declarations} can't be read`)
  // Without the line numbers, which change with each comment.
  return readFileSync(join(folder, `${report}.api.md`), 'utf8').replace(/^(\/\/ \S+\.ts):\d+:\d+/gm, '$1')
}

const compilerOptions = {
  module: 'nodenext',
  moduleResolution: 'nodenext',
  target: 'es2024',
  lib: ['es2024', 'esnext.disposable'],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  typeRoots: [join(rootFolder, 'node_modules/@types')],
  types: ['node'],
}

/** It reports each file that it writes. */
function messageCallback(message) {
  if (message.logLevel === 'error') console.error(message.text)
  message.handled = true
}
