// Which documents are generated, and from what.
import { configSchema, errorDocs, eventDocs, optionDocs } from '@lockstep/core'

export function generatedDocs() {
  return {
    'docs/options.md': optionDocs(),
    'docs/errors.md': errorDocs(),
    'docs/events.md': eventDocs(),
    'packages/cli/lockstep.config.schema.json': `${JSON.stringify(configSchema(), null, 2)}\n`,
  }
}
