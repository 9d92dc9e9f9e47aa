// Writes the generated documents. Runs under the pinned Node, once the packages are built.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { apiReports } from './api-reports.mjs'
import { generatedDocs } from './generated-docs.mjs'
import { rootFolder } from './workspace.mjs'

for (const [file, text] of Object.entries({ ...generatedDocs(), ...apiReports() })) {
  mkdirSync(dirname(join(rootFolder, file)), { recursive: true })
  writeFileSync(join(rootFolder, file), text)
  console.log(file)
}
