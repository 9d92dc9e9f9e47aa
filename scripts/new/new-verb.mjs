// A verb that works from the command line to the server and back, and reports the state of the server until it does more.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder } from '../workspace.mjs'
import { fillIn } from './fill-in.mjs'
import { entry, openSource } from './source-file.mjs'
import { WrongName } from './wrong-name.mjs'

const core = 'packages/core/src/control'
const cli = 'packages/cli/src'
/** New verbs come behind this one, before `stop`. */
const neighbour = 'reopen-logs'

export function newVerb(name) {
  if (!/^[a-z]+(?:-[a-z]+)*$/.test(name))
    throw new WrongName(
      `"${name}" can't be the name of a verb.`,
      'Write it in lower case, as in reopen-logs.',
    )
  const folder = `${cli}/commands/${name}`
  if (existsSync(join(rootFolder, folder)))
    throw new WrongName(`There is a command "${name}" already: ${folder}.`, 'Choose another name.')
  const names = { name, method: camelCase(name), key: /-/.test(name) ? `'${name}'` : name, folder }
  return {
    does: `Added the verb ${name}. It reports the state of the server until you say what it does.`,
    files: [...inTheServer(names), ...inTheCommand(names), commandLinePage(name), testOf(names)],
    left: [
      `What it does: ${core}/answer-verb.ts. It calls one method of LaunchHandle.`,
      `Its result: the type in control-messages.ts, the checks in answer-schema.ts and json-results.ts, the text in render-${name}.ts.`,
      `How it asks: POST in ${core}/control-messages.ts if it changes the server. It then also needs an intent in packages/core/src/lifecycle/lifecycle.ts.`,
      'The texts for people: the summary, the rendered result, the row of docs/command-line.md.',
      `What the test expects: test/cli/${name}.test.ts.`,
      'npm run docs, and a description of the change: npm run changeset.',
    ],
  }
}

const camelCase = (text) => text.replace(/-(.)/g, (_, letter) => letter.toUpperCase())
const capital = (text) => text[0].toUpperCase() + text.slice(1)

function inTheServer({ name, method, key }) {
  return [
    edited(`${core}/control-messages.ts`, 'the result, the method and the path', (source) => {
      const results = source.members('VerbResults')
      source.addMember(results, `readonly ${key}: { readonly state: string }`, entry(results, neighbour))
      const requests = source.object('controlRequests')
      source.addEntry(requests, `${key}: { method: 'GET', path: '/${name}' }`, entry(requests, neighbour))
    }),
    edited(`${core}/answer-verb.ts`, 'the answer', (source) => {
      const verbs = source.object('verbs')
      const code = `// ${fillIn('what the verb does.')}\n${key}: (handle) => ({ state: handle.status().state })`
      source.addEntry(verbs, code, entry(verbs, neighbour))
    }),
    edited(`${core}/answer-schema.ts`, 'the check of the answer', (source) => {
      const results = source.object('results')
      source.addEntry(results, `${key}: z.looseObject({ state: z.string() })`, entry(results, neighbour))
    }),
    edited(`${core}/control-client.ts`, 'the method of the client', (source) => {
      const server = source.members('ControlledServer')
      const member = `/** ${fillIn('what it does, and what it returns.')} */\n${method}(): Promise<VerbResults['${name}']>`
      source.addMember(server, member, entry(server, camelCase(neighbour)))
      const reached = source.returned('reach')
      const code = `${method}: () => required(ask(file, { verb: '${name}' }))`
      source.addEntry(reached, code, entry(reached, camelCase(neighbour)))
    }),
  ]
}

function inTheCommand({ name, method, key, folder }) {
  const command = `${method}Command`
  return [
    edited(`${cli}/json/json-versions.ts`, 'the version of its JSON', (source) => {
      const versions = source.object('jsonVersions')
      source.addEntry(versions, `${key}: 1`, entry(versions, neighbour))
    }),
    edited(`${cli}/json/json-results.ts`, 'its JSON', (source) => {
      const results = source.object('jsonResults')
      const code = `${key}: { says: '${fillIn('what it writes.')}', result: { state: text } }`
      source.addEntry(results, code, entry(results, neighbour))
    }),
    edited(`${cli}/main.ts`, 'the list of the commands', (source) => {
      source.addImport(command, `./commands/${name}/${name}.ts`)
      const commands = source.array('commands')
      const behind = commands.list.find((node) => node.name === `${camelCase(neighbour)}Command`)
      source.addEntry(commands, command, behind)
    }),
    {
      path: `${folder}/README.md`,
      what: 'the head of the folder',
      text: `# commands/${name}

\`lockstep ${name}\`: ${fillIn('what it asks of a running server.')}

- May import: \`commands\`, \`json\`; the package \`@lockstep/core\`.
- Main files: \`${name}.ts\`, \`render-${name}.ts\`.
`,
    },
    { path: `${folder}/${name}.ts`, what: 'the command', text: commandText({ name, method, command }) },
    {
      path: `${folder}/render-${name}.ts`,
      what: 'its text for people',
      text: `import type { VerbResults } from '@lockstep/core/internal'

/** ${fillIn('what the text says.')} */
export function render${capital(method)}({ state }: VerbResults['${name}']): string {
  return \`\${state}\\n\`
}
`,
    },
  ]
}

function commandText({ name, method, command }) {
  return `import { throwFaults } from '@lockstep/core/internal'
import { resultJson } from '../../json/write-json.ts'
import type { Command } from '../command.ts'
import { selectedServer, selectionFlags } from '../selection.ts'
import { jsonFlag } from '../verb-progress.ts'
import { render${capital(method)} } from './render-${name}.ts'

export const ${command}: Command = {
  name: '${name}',
  summary: '${fillIn('what it does to a running server, in one sentence.')}',
  positionals: [],
  flags: { ...selectionFlags, ...jsonFlag },
  takesOptions: false,
  async run(line, output) {
    throwFaults(line.faults)
    const server = await selectedServer(line)
    const result = await server.${method}()
    output.out(line.report.asJson ? resultJson('${name}', result) : render${capital(method)}(result))
    return 0
  },
}
`
}

function testOf({ name }) {
  return {
    path: `test/cli/${name}.test.ts`,
    what: 'a test from outside',
    text: `import { expect, it } from 'vitest'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'

it('lockstep ${name} ${fillIn('what a user sees')}', async () => {
  await using server = await startLockstep(['run', \`\${fixtures}apps/switches.js\`, '--port', '0'])
  const result = await runLockstep(['${name}'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
  expect(result).toMatchObject({ code: 0, stdout: '${fillIn('what it writes')}' })
})
`,
  }
}

/** The table there is text, so its row is found by the command that it begins with. */
function commandLinePage(name) {
  const path = 'docs/command-line.md'
  const lines = readFileSync(join(rootFolder, path), 'utf8').split('\n')
  const above = lines.findIndex((line) => line.startsWith(`| \`lockstep ${neighbour}\``))
  if (above < 0) throw new Error(`${path} has no row of ${neighbour} any more. Change scripts/new/ with it.`)
  const widths = lines[above].split('|').map((cell) => cell.length)
  const cells = ['', ` \`lockstep ${name}\``, ` ${fillIn('what it does.')}`, '']
  lines.splice(above + 1, 0, cells.map((cell, index) => cell.padEnd(widths[index])).join('|'))
  return { path, text: lines.join('\n'), what: 'its row' }
}

function edited(path, what, edit) {
  const source = openSource(path)
  edit(source)
  return { path, text: source.text(), what }
}
