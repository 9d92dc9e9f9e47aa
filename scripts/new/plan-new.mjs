import { newBackend } from './new-backend.mjs'
import { newCase } from './new-case.mjs'
import { newError } from './new-error.mjs'
import { newOption } from './new-option.mjs'
import { newVerb } from './new-verb.mjs'
import { WrongName } from './wrong-name.mjs'

const kinds = {
  option: { plan: newOption, usage: 'option NAME [ROWS]', example: 'npm run new option limits.uriBytes' },
  error: { plan: newError, usage: 'error CODE [EXIT]', example: 'npm run new error LOCKSTEP_ERR_APP_ASLEEP' },
  case: {
    plan: newCase,
    usage: 'case ID OPTION…',
    example: 'npm run new case limits/uri-bytes/refuses-a-longer-one limits.uriBytes',
  },
  verb: { plan: newVerb, usage: 'verb NAME', example: 'npm run new verb uptime' },
  backend: { plan: newBackend, usage: 'backend NAME', example: 'npm run new backend engine' },
}

export const kindNames = Object.keys(kinds)

/**
 * What a command line would write: `files`, each with its path from the root, its whole text and what is new in it; `does`, what was
 * added; and `left`, what a person does then. Writes nothing. Throws a `WrongName` for words that can't be used.
 */
export function planNew(words) {
  const [name, ...rest] = words
  const kind = Object.hasOwn(kinds, name ?? '') ? kinds[name] : null
  if (!kind)
    throw new WrongName(
      name === undefined ? 'Missing argument: what to add.' : `"${name}" is not something that can be added.`,
      `Usage: npm run new ${Object.values(kinds)
        .map(({ usage }) => usage)
        .join(' | ')}`,
    )
  if (rest.length === 0)
    throw new WrongName(
      `Missing argument: npm run new ${kind.usage}.`,
      `Write it as in \`${kind.example}\`. CONTRIBUTING.md has the recipe.`,
    )
  return kind.plan(...rest)
}
