// Which documents are generated, and from what.
import {
  appContractDocs,
  configSchema,
  configType,
  errorDocs,
  eventDocs,
  foreignDocs,
  lifecycleDocs,
  optionDocs,
  supportType,
  variableDocs,
} from '@lockstep/core/internal'
import { jsonDocs, jsonOutputSchema } from '../packages/cli/src/json/json-docs.ts'
import { gunicornUvicornDocs } from './gunicorn-uvicorn-docs.mjs'
import { withLifecycle } from './lifecycle-section.mjs'
import { manPage } from './man-page.mjs'

export function generatedDocs() {
  return {
    'docs/options.md': optionDocs(),
    'docs/app-contract.md': appContractDocs(),
    'docs/errors.md': errorDocs(),
    'docs/lifecycle.md': withLifecycle(lifecycleDocs()),
    'docs/events.md': eventDocs(),
    'docs/variables.md': variableDocs(),
    'docs/flags-of-other-launchers.md': foreignDocs(),
    'docs/gunicorn-uvicorn.md': gunicornUvicornDocs(),
    'docs/json-output.md': jsonDocs(),
    'docs/json-output.schema.json': `${JSON.stringify(jsonOutputSchema(), null, 2)}\n`,
    'packages/core/src/options/lockstep-config.ts': configType(),
    'packages/core/src/plan/backend-support.ts': supportType(),
    'packages/cli/man/lockstep.1': manPage(),
    'packages/cli/lockstep.config.schema.json': `${JSON.stringify(configSchema(), null, 2)}\n`,
  }
}
