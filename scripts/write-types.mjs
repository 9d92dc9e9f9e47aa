// Writes the types that come from the option table. The packages don't build without a new option in them, so this reads the sources and comes
// before the build. Runs under the pinned Node, which can load TypeScript.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configType } from '../packages/core/src/options/docs/config-type.ts'
import { supportType } from '../packages/core/src/options/docs/support-type.ts'
import { rootFolder } from './workspace.mjs'

const types = {
  'packages/core/src/options/lockstep-config.ts': configType(),
  'packages/core/src/plan/backend-support.ts': supportType(),
}
for (const [file, text] of Object.entries(types)) writeFileSync(join(rootFolder, file), text)
