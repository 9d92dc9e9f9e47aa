// Tries the frameworks, merges what was seen into frameworks/results.json, and writes docs/frameworks.md from it.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readJson, rootFolder } from '../workspace.mjs'
import { prepare, versionsIn } from './prepare.mjs'
import { readFrameworks, resultsFile } from './read-frameworks.mjs'
import { tryFramework } from './try-framework.mjs'
import { frameworksPage } from './write-page.mjs'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    fast: { type: 'boolean' },
    compare: { type: 'boolean' },
    minutes: { type: 'string' },
  },
})
const all = readFrameworks()
const unknown = (values.only ?? []).filter((name) => !all.some((framework) => framework.name === name))
if (unknown.length > 0)
  throw new Error(`Unknown: ${unknown.join(', ')}. There are: ${all.map(({ name }) => name).join(', ')}`)

// A run of CI ends in time, and says which were not tried.
const deadline =
  performance.now() + (values.minutes === undefined ? Infinity : Number(values.minutes) * 60_000)

const chosen = all.filter(
  ({ name, takesLong }) => (values.only?.includes(name) ?? true) && !(values.fast && takesLong),
)
const known = existsSync(resultsFile) ? readJson(resultsFile) : {}
const seen = Object.fromEntries(await inTurns(chosen))
const failures = chosen.flatMap(({ name, title }) => failuresOf(title, seen[name], known[name]))
if (!values.compare) writeResults()
for (const text of failures) console.error(`✗ ${text}`)
process.exitCode = failures.length > 0 ? 1 : 0

/** Two at a time: most of a run is waiting. */
async function inTurns(frameworks) {
  const entries = []
  const left = [...frameworks]
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) entries.push([next.name, await look(next)])
  }
  await Promise.all([worker(), worker()])
  return entries
}

async function look(framework) {
  const began = performance.now()
  const result = await resultOf(framework)
  const seconds = Math.round((performance.now() - began) / 1000)
  const lines = Object.entries(result.answers).flatMap(([backend, parts]) =>
    Object.entries(parts).map(([part, answer]) => `  ${backend} ${part}: ${answer}`),
  )
  console.log([`\n${framework.title} (${seconds} s)`, `  node: ${result.withNode}`, ...lines].join('\n'))
  return result
}

async function resultOf(framework) {
  const about = { date: new Date().toISOString().slice(0, 10), node: process.versions.node }
  if (performance.now() > deadline)
    return { ...about, versions: {}, withNode: `not tried in ${values.minutes} minutes`, answers: {} }
  let folder
  try {
    folder = await prepare(framework)
  } catch (error) {
    return { ...about, versions: {}, withNode: `not installed: ${error.message}`, answers: {} }
  }
  const { withNode, ...answers } = await tryFramework(framework, folder)
  return { ...about, versions: versionsIn(folder), withNode, answers }
}

/** What failed. With `--compare`, also what differs from the page: a new refusal is a failure there. */
function failuresOf(title, { withNode, answers }, before) {
  if (withNode !== 'served') return [`${title}, with node alone: ${withNode}`]
  return Object.entries(answers).flatMap(([backend, parts]) =>
    Object.entries(parts).flatMap(([part, answer]) => {
      const wanted = values.compare ? before?.answers[backend]?.[part] : answer
      if (verdictOf(answer) === verdictOf(wanted) && !answer.startsWith('failed')) return []
      return `${title}, ${backend}, ${part}: ${answer}${values.compare ? ` (the page says: ${wanted})` : ''}`
    }),
  )
}

/** `served`, `not offered`, `failed`, or `refused` with the code of the error. */
function verdictOf(answer) {
  const code = /\[(LOCKSTEP_ERR_\w+)\]/.exec(answer ?? '')?.[1]
  return [answer?.split(':')[0], code].filter(Boolean).join(' ')
}

function writeResults() {
  const installed = Object.entries(seen).filter(([, { answers }]) => Object.keys(answers).length > 0)
  const merged = { ...known, ...Object.fromEntries(installed) }
  const results = Object.fromEntries(
    all.flatMap(({ name }) => (Object.hasOwn(merged, name) ? [[name, merged[name]]] : [])),
  )
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`)
  const missing = all.map(({ name }) => name).filter((name) => !Object.hasOwn(results, name))
  if (missing.length > 0) console.log(`\nNo page is written: these were not tried yet: ${missing.join(', ')}`)
  else writeFileSync(join(rootFolder, 'docs/frameworks.md'), frameworksPage({ frameworks: all, results }))
}
