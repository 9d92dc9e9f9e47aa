// An error: a code in the catalogue, and its meaning.
import { fillIn } from './fill-in.mjs'
import { inside, keyOf, openSource, textsIn } from './source-file.mjs'
import { WrongName } from './wrong-name.mjs'

export function newError(code, exit) {
  const catalog = openSource('packages/core/src/errors/error-catalog.ts')
  const meanings = openSource('packages/core/src/errors/error-meanings.ts')
  const exitNames = openSource('packages/core/src/errors/exit-codes.ts').object('exitCodes').list.map(keyOf)
  const codes = catalog.object('errorCatalog')
  if (!/^LOCKSTEP_ERR_[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/.test(code))
    throw new WrongName(`"${code}" can't be the code of an error.`, 'Write it as in LOCKSTEP_ERR_APP_ASLEEP.')
  if (codes.list.some((node) => keyOf(node) === code))
    throw new WrongName(`${code} is in the catalogue already.`, 'A code is never reused. Choose another one.')
  const sibling = codes.list.findLast((node) => subjectOf(keyOf(node)) === subjectOf(code))
  const kind = exit ?? (sibling && textsIn(inside(sibling), 'exit')[0])
  if (!exitNames.includes(kind))
    throw new WrongName(
      exit === undefined
        ? `No code begins with LOCKSTEP_ERR_${subjectOf(code)}_, so its exit code can't be derived.`
        : `"${exit}" is not the name of an exit code.`,
      `Name it: npm run new error ${code} EXIT. EXIT is one of ${exitNames.join(', ')}.`,
    )
  const lastButOne = codes.list.find((node) => keyOf(node) === 'LOCKSTEP_ERR_SYSTEM')
  const behind = sibling ?? codes.list[codes.list.indexOf(lastButOne) - 1]
  catalog.addEntry(codes, `${code}: { exit: '${kind}' }`, behind)
  const texts = meanings.object('errorMeanings')
  meanings.addEntry(
    texts,
    `${code}: '${fillIn('what is wrong, in one sentence, without values.')}'`,
    texts.list.find((node) => keyOf(node) === keyOf(behind)),
  )
  return {
    does: `Added the error ${code}, with the exit code "${kind}".`,
    files: [
      { path: catalog.path, text: catalog.text(), what: 'the code' },
      { path: meanings.path, text: meanings.text(), what: 'its meaning' },
    ],
    left: [
      'The meaning.',
      'A Fault with the code, where it is found: message, hint, source. Collect faults, and report them together.',
      'A test that brings it about. One fails until a test names the code.',
      'npm run docs.',
    ],
  }
}

const subjectOf = (code) => code.split('_')[2]
