// An option that every backend refuses until its effect is there.
import { fillIn } from './fill-in.mjs'
import { flagsOf, groupOf, rowFiles } from './option-rows.mjs'
import { calledBy, entry, inside, keyOf, openSource } from './source-file.mjs'
import { WrongName } from './wrong-name.mjs'

export function newOption(name, rowsName) {
  const files = rowFiles()
  checkName(name, files)
  const parts = splitName(name)
  const place = placeOf(parts, { files, rowsName })
  const group = place.sibling ? groupOf(place.sibling) : groupOf(place.file.rows.at(-1))
  const flag = flagFor(parts, place.sibling)
  const taken = files.flatMap(({ rows }) => rows).find((row) => flagsOf(row).includes(flag))
  if (taken) throw new WrongName(`${flag} is a flag of ${taken.name} already.`, 'Choose another name.')
  const plan = addToPlan(name, parts)
  return {
    does: `Added the option ${name} (${flag}). Every backend refuses it until its effect is there.`,
    files: [
      addRow(name, { place, group, flag }),
      addAnswer(name, parts),
      ...plan.files,
      addSabotage(name, plan.path),
      addToFullConfiguration(parts),
    ],
    left: [
      `The row: its kind, default, texts and station. The group "${group}" and the flag ${flag} were derived; check them.`,
      'The answer: honoured(…) once the effect is there. With the station "backend" it moves from serveSupport to each backend; the build names them.',
      `The plan: what plan.${plan.path.join('.')} is, with its unit.`,
      'The effect: in packages/core/src/serve/ if it is the same for every backend, otherwise in the backend.',
      `A case that sees the effect: npm run new case ID ${name}. The sabotage must make it fail.`,
      ...(['tls', 'proxy'].includes(parts.prefix)
        ? [
            'What a reload does with it: test/support/tls-changes.ts or test/reload/reload-each-option.test.ts.',
          ]
        : []),
      'npm run docs, and a description of the change: npm run changeset.',
    ],
  }
}

function checkName(name, files) {
  if (!/^[a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*)?$/.test(name))
    throw new WrongName(
      `"${name}" can't be the name of an option.`,
      'Write it in camel case, with at most one dot: drain, limits.uriBytes.',
    )
  const known = files.find(({ rows }) => rows.some((row) => row.name === name))
  if (known)
    throw new WrongName(`${name} is an option already: ${known.source.path}.`, 'Choose another name.')
}

function splitName(name) {
  const [first, second] = name.split('.')
  return second === undefined ? { prefix: null, own: first } : { prefix: first, own: second }
}

const hasPrefix = (prefix) => (name) =>
  prefix === null ? !name.includes('.') : name.startsWith(`${prefix}.`)

/** Behind the last row with the same prefix. A new prefix goes into the rows of its name, or into those that are asked for. */
function placeOf({ prefix }, { files, rowsName }) {
  const names = files.map((file) => file.name).join(', ')
  const isSibling = hasPrefix(prefix)
  const siblingsIn = ({ rows }) => rows.filter((row) => isSibling(row.name))
  const asked = files.find((file) => file.name === rowsName)
  if (rowsName !== undefined && !asked)
    throw new WrongName(`There are no rows "${rowsName}".`, `Choose one of ${names}.`)
  const related = prefix !== null && files.toSorted((a, b) => siblingsIn(b).length - siblingsIn(a).length)[0]
  const file =
    asked ??
    (related && siblingsIn(related).length > 0 ? related : files.find((each) => each.name === prefix))
  if (!file)
    throw new WrongName(
      prefix === null
        ? 'A name without a dot does not say which rows the option belongs to.'
        : `No option begins with "${prefix}.", and no rows have that name.`,
      `Name the rows: npm run new option NAME ROWS. ROWS is one of ${names}.`,
    )
  return { file, sibling: siblingsIn(file).at(-1) }
}

const kebab = (text) => text.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Options with the same prefix begin alike: `limits.headerBytes` is `--limit-header-bytes`. */
function flagFor({ prefix, own }, sibling) {
  const ending = sibling && `-${kebab(sibling.name.split('.').at(-1))}`
  const flag = sibling && flagsOf(sibling)[0]
  if (prefix !== null && flag?.endsWith(ending)) return `${flag.slice(0, -ending.length)}-${kebab(own)}`
  return `--${[prefix, own]
    .filter((part) => part !== null)
    .map(kebab)
    .join('-')}`
}

/** The kind is that of the row above, which is imported already. */
function addRow(name, { place: { file, sibling }, group, flag }) {
  const { source, table } = file
  const above = sibling ?? file.rows.at(-1)
  source.addEntry(
    table,
    `${keyText(name)}: option({
    // ${fillIn(`its kind. This one is that of ${above.name}.`)}
    ${source.textOf(entry(above.fields, 'kind'))},
    default: null,
    flags: ['${flag}'],
    group: '${group}',
    summary: '${fillIn('what it sets or does, in one sentence.')}',
    description: '${fillIn('what the summary leaves open.')}',
    takesEffect: 'start',
    station: 'serve',
  })`,
    above.node,
  )
  return { path: source.path, text: source.text(), what: 'the row' }
}

/** The compiler demands an answer. A refusal is the one that is true for now. */
function addAnswer(name, { prefix }) {
  const source = openSource('packages/core/src/plan/option-support.ts')
  const answers = source.object('serveSupport')
  const behind = answers.list.findLast((node) => hasPrefix(prefix)(keyOf(node) ?? ''))
  source.addEntry(
    answers,
    `${keyText(name)}: refused('${fillIn('why it cannot be honoured yet')}', '${fillIn('what to do instead')}')`,
    behind,
  )
  return { path: source.path, text: source.text(), what: 'the answer of every backend, as a refusal' }
}

/** Into the part of the plan that is called like the prefix, if it has one; otherwise by itself. */
function addToPlan(name, { prefix, own }) {
  const type = openSource('packages/core/src/plan/launch-plan.ts')
  const compose = openSource('packages/core/src/plan/compose-plan.ts')
  const members = type.members('LaunchPlan')
  const values = compose.returned('planOfOptions')
  const part = prefix === null ? null : partOf(prefix, { type, compose, members, values })
  const path = part
    ? [prefix, own]
    : [prefix === null ? own : `${prefix}${own[0].toUpperCase()}${own.slice(1)}`]
  type.addMember(
    part?.members ?? members,
    `    /** ${fillIn('what it is, with its unit, and what null means.')} */\n    readonly ${path.at(-1)}: OptionValue<'${name}'>`,
  )
  const value = name.includes('.') ? `options['${name}'].value` : `options.${name}.value`
  compose.addEntry(part?.values ?? values, `${path.at(-1)}: ${value}`)
  return {
    path,
    files: [
      { path: type.path, text: type.text(), what: `plan.${path.join('.')}` },
      { path: compose.path, text: compose.text(), what: 'its value' },
    ],
  }
}

function partOf(prefix, { type, compose, members, values }) {
  const member = entry(members, prefix)
  const value = entry(values, prefix)
  const called = calledBy(value)
  const inType = inside(member) ?? membersOfNamed(member, type)
  const inValue = called ? compose.returned(called) : inside(value)
  return inType && inValue ? { members: inType, values: inValue } : null
}

function membersOfNamed(member, type) {
  const named = member?.typeAnnotation?.typeAnnotation
  return named?.type === 'TSTypeReference' ? type.members(named.typeName.name) : null
}

function addSabotage(name, path) {
  const source = openSource('packages/conformance/test/sabotage/sabotages.ts')
  const [part, own] = path
  const change = own === undefined ? `${part}: null` : `${part}: { ...plan.${part}, ${own}: null }`
  source.addEntry(
    source.object('sabotages'),
    `${keyText(name)}: bent('dropped', (plan) => ({ ...plan, ${change} }))`,
  )
  return { path: source.path, text: source.text(), what: 'the sabotage' }
}

/** The test of the configuration file sets every option. */
function addToFullConfiguration({ prefix, own }) {
  const source = openSource('test/options/config-schema.test.ts')
  const configuration = source.object('fullConfig')
  const nested = prefix === null ? configuration : inside(entry(configuration, prefix))
  const value = `${own}: '${fillIn('a value other than the default')}'`
  if (nested) source.addEntry(nested, value)
  else source.addEntry(configuration, `${prefix}: { ${value} }`)
  return { path: source.path, text: source.text(), what: 'a value in the full configuration' }
}

const keyText = (name) => (/^[a-zA-Z]+$/.test(name) ? name : `'${name}'`)
