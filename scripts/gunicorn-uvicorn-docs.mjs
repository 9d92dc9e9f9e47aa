// The generated parts of docs/gunicorn-uvicorn.md, from the tables that the backends use.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { optionNames, optionRow } from '@lockstep/core/internal'
import { gunicornBackend } from '../packages/external/src/gunicorn/gunicorn-backend.ts'
import { gunicornFlags } from '../packages/external/src/gunicorn/gunicorn-flags.ts'
import { gunicornSettings } from '../packages/external/src/gunicorn/gunicorn-settings.ts'
import { uvicornBackend } from '../packages/external/src/uvicorn/uvicorn-backend.ts'
import { uvicornFlags } from '../packages/external/src/uvicorn/uvicorn-flags.ts'
import { uvicornSettings } from '../packages/external/src/uvicorn/uvicorn-settings.ts'
import { rootFolder } from './workspace.mjs'

const file = 'docs/gunicorn-uvicorn.md'
const sections = {
  'flags of Gunicorn': () => flagTable(gunicornFlags),
  'flags of Uvicorn': () => flagTable(uvicornFlags),
  options: optionTable,
  'settings of Gunicorn': () => settingTable(gunicornSettings, (name) => name),
  'settings of Uvicorn': () => settingTable(uvicornSettings, (name) => `UVICORN_${name.toUpperCase()}`),
}

/** The current document with its tables renewed. */
export function gunicornUvicornDocs() {
  return Object.entries(sections).reduce(
    (text, [name, table]) => {
      const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
      const [before, rest] = text.split(begin)
      const after = rest?.split(end)[1]
      if (after === undefined) throw new Error(`${file} has lost the marks of: ${name}`)
      return `${before}${begin}\n\n${table()}\n\n${end}${after}`
    },
    readFileSync(join(rootFolder, file), 'utf8'),
  )
}

function flagTable(flags) {
  return tableOf(
    ['flag', 'passed for', 'since version'],
    flags.map(({ flag, for: purpose, since }) => [`\`${flag}\``, purpose, since ?? '']),
  )
}

function settingTable(settings, shown) {
  return tableOf(
    ['setting', 'instead'],
    Object.entries(settings).map(([name, cure]) => [`\`${shown(name)}\``, cure]),
  )
}

function optionTable() {
  return tableOf(
    ['option', 'Gunicorn', 'Uvicorn'],
    optionNames.map((name) => [
      `\`${name}\``,
      answerOf(name, { backend: gunicornBackend, flags: gunicornFlags }),
      answerOf(name, { backend: uvicornBackend, flags: uvicornFlags }),
    ]),
  )
}

const context = { platform: 'linux', isWorkerThread: false, canReadMemory: true }

/** For options that are honoured at their default and refused otherwise: a value that is. */
const refusedValues = {
  command: ['program'],
  args: ['word'],
  interface: 'node',
  appPorts: ['9100'],
  waitReady: true,
  shutdownWithMessage: true,
  balance: 'shared',
  'upstream.stopSignal': 'SIGHUP',
}

/** What honours an option, or why it is refused. */
function answerOf(name, { backend, flags }) {
  const { station, kind, default: unset } = optionRow(name)
  const answer = backend.support[name]
  const value = unset === null ? null : kind.schema.parse(unset)
  const answerTo = (asked) => (typeof answer === 'function' ? answer(asked, context) : answer)
  const given = answerTo(value)
  if (!given.honoured) return `refused: ${given.reason}`
  if (Object.hasOwn(refusedValues, name)) {
    const shown = refusedValues[name]
    const { honoured, reason } = answerTo(shown)
    if (honoured) throw new Error(`${name} is honoured with ${shown}: correct refusedValues`)
    return `${given.how}; other values, such as \`${shown}\`, are refused: ${reason}`
  }
  const native = flags.filter((one) => one.for === name).map(({ flag }) => `\`${flag}\``)
  const own = station === 'launcher' ? 'the launcher' : station === 'serve' ? 'the front' : given.how
  return [own, ...native].join(', and ')
}

function tableOf(head, rows) {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  return [head, head.map(() => '---'), ...escaped].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
