// A conformance case that fails until it observes something.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder } from '../workspace.mjs'
import { fillIn } from './fill-in.mjs'
import { rowFiles } from './option-rows.mjs'
import { inside, openSource, textsIn } from './source-file.mjs'
import { WrongName } from './wrong-name.mjs'

const folder = 'packages/conformance/src/cases'
const idsPath = 'packages/conformance/test/case-ids.txt'

export function newCase(id, ...options) {
  const ids = readFileSync(join(rootFolder, idsPath), 'utf8').trim().split('\n')
  checkWords(id, { ids, options })
  const { source, list, behind } = placeOf(id)
  source.addEntry(list, stub(id, options), behind)
  return {
    does: `Added the case ${id}. It fails until it observes something.`,
    files: [
      { path: source.path, text: source.text(), what: 'the case' },
      { path: idsPath, text: `${[...ids, id].sort().join('\n')}\n`, what: 'its id' },
    ],
    left: [
      'The requirement, its source (a section of an RFC, a page), and MUST or SHOULD.',
      'What it observes from outside. The clients are in packages/conformance/src/clients/.',
      'A sabotage that it catches: packages/conformance/test/sabotage/.',
      `Run it: node_modules/node/bin/node packages/cli/bin/lockstep.js conformance single --case ${id}`,
    ],
  }
}

function checkWords(id, { ids, options }) {
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\/[a-z0-9]+(?:-[a-z0-9]+)*){1,3}$/.test(id))
    throw new WrongName(
      `"${id}" can't be the id of a case.`,
      'Write two to four parts, in lower case: limits/uri-bytes/refuses-a-longer-one.',
    )
  if (ids.includes(id)) throw new WrongName(`${id} is a case already.`, 'An id is never reused.')
  const names = rowFiles().flatMap(({ rows }) => rows.map(({ name }) => name))
  if (options.length === 0)
    throw new WrongName(
      'Missing argument: the options whose effect the case observes.',
      `npm run new case ${id} OPTION…`,
    )
  for (const option of options)
    if (!names.includes(option))
      throw new WrongName(`"${option}" is not an option.`, 'docs/options.md lists them.')
}

/** Behind the case whose id has the most parts in common with this one, in the file that has the most such cases. */
function placeOf(id) {
  const cases = caseLists().flatMap((list) =>
    list.cases.map((each) => ({ ...each, ...list, common: partsInCommon(each.id, id) })),
  )
  const most = Math.max(...cases.map(({ common }) => common))
  if (most === 0) {
    const subjects = [...new Set(cases.map((each) => each.id.split('/')[0]))].sort().join(', ')
    throw new WrongName(
      `No case begins with "${id.split('/')[0]}/".`,
      `Use one of ${subjects}. A new subject is a new folder in ${folder}/ and a list in all-cases.ts.`,
    )
  }
  const nearest = cases.filter(({ common }) => common === most)
  const inFile = (source) => nearest.filter((each) => each.source === source).length
  const { source, list } = nearest.toSorted((a, b) => inFile(b.source) - inFile(a.source))[0]
  return { source, list, behind: nearest.findLast((each) => each.list === list).node }
}

function partsInCommon(one, other) {
  const parts = other.split('/')
  const different = one.split('/').findIndex((part, index) => part !== parts[index])
  return different < 0 ? parts.length : different
}

/** The arrays of the sources that have cases as objects. Cases that a function makes have no entry of their own. */
function caseLists() {
  const paths = readdirSync(join(rootFolder, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('-cases.ts') && !name.endsWith('all-cases.ts'))
    .sort()
  return paths.flatMap((name) => {
    const source = openSource(`${folder}/${name.replaceAll('\\', '/')}`)
    return source.arrays(/Cases$/).map((list) => ({
      source,
      list,
      cases: list.list.flatMap((node) => {
        const [id] = node?.type === 'ObjectExpression' ? textsIn(inside({ value: node }), 'id') : []
        return id === undefined ? [] : [{ id, node }]
      }),
    }))
  })
}

function stub(id, options) {
  return `  {
    id: '${id}',
    level: 'MUST',
    requirement: '${fillIn('one sentence about what the server does.')}',
    source: 'docs/options.md: ${options.join(', ')}',
    observes: [${options.map((name) => `'${name}'`).join(', ')}],
    async run({ start }) {
      const subject = await start({})
      assert.fail(\`${fillIn('what a client sees of')} \${subject.host}:\${subject.port}\`)
    },
  }`
}
