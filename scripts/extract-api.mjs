// Reads the declarations of a public entry, which the build has written, with API Extractor.
import { join } from 'node:path'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'
import { rootFolder } from './workspace.mjs'

const silent = { default: { logLevel: 'none' } }

/** `outputs` are the sections of the settings of API Extractor that say what it writes. Throws when a declaration can't be read. */
export function extractApi({ package: name, entry }, outputs) {
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
        apiReport: { enabled: false },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        ...outputs,
        messages: {
          compilerMessageReporting: { default: { logLevel: 'error' } },
          // A type that users meet and can't name is part of the report.
          extractorMessageReporting: {
            ...silent,
            'ae-forgotten-export': { logLevel: 'warning', addToApiReportFile: true },
          },
          tsdocMessageReporting: silent,
        },
      },
    }),
    { localBuild: true, messageCallback },
  )
  if (!succeeded) throw new Error(`the declarations of ${declarations} can't be read`)
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
