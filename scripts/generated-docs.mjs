// Which documents are generated, and from what.
import { configSchema, errorDocs, optionDocs } from '@lockstep/core'

export function generatedDocs() {
  return {
    'docs/options.md': optionDocs(),
    'docs/errors.md': errorDocs(),
    'packages/cli/lockstep.config.schema.json': `${JSON.stringify(configSchema(), null, 2)}\n`,
  }
}
