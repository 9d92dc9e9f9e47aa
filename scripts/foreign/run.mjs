// Asks each server each question, and writes docs/other-launchers.md. `--only NAME` asks those again whose name has that text.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../bench/subjects/free-port.mjs'
import { missingPeers } from '../../bench/subjects/npm-peers.mjs'
import { rootFolder } from '../workspace.mjs'
import { launchers } from './launchers.mjs'
import { makeFiles, questions } from './questions.mjs'
import { withForeign } from './start-foreign.mjs'
import { foreignPage } from './write-page.mjs'

const only = process.argv.includes('--only') ? process.argv.at(-1) : null
const missing = missingPeers()
if (missing) throw new Error(missing)

// What was seen before, so that one server can be asked again. Git ignores the folder.
const reports = join(rootFolder, 'reports')
const memory = join(reports, 'foreign.json')
const seen = only !== null && existsSync(memory) ? JSON.parse(readFileSync(memory, 'utf8')) : {}

for (const launcher of launchers.filter(({ name }) => only === null || name.includes(only))) {
  console.log(`\n${launcher.name} ${launcher.version()}`)
  const answers = {}
  for (const question of questions) {
    answers[question.id] = await ask(launcher, question)
    console.log(`  ${question.title}: ${Object.values(answers[question.id]).filter(Boolean).join(': ')}`)
  }
  seen[launcher.name] = { version: launcher.version(), answers }
}
mkdirSync(reports, { recursive: true })
writeFileSync(memory, JSON.stringify(seen, null, 2))
const missingNames = launchers.map(({ name }) => name).filter((name) => !Object.hasOwn(seen, name))
if (missingNames.length > 0)
  console.log(`\nNo page is written: these were not asked yet: ${missingNames.join('; ')}`)
else {
  const results = launchers.map(({ name }) => ({ name, ...seen[name] }))
  writeFileSync(join(rootFolder, 'docs/other-launchers.md'), foreignPage({ results, questions }))
}

async function ask(launcher, question) {
  const folder = mkdtempSync(join(tmpdir(), 'foreign-'))
  try {
    const files = await makeFiles(folder)
    const port = await freePort()
    const project = join(folder, 'project')
    mkdirSync(project)
    const start = launcher.command({ ...question.asks(files), port, folder: project })
    if (start === null) return { verdict: 'none', how: 'has no such option' }
    return await withForeign({ ...start, port, client: question.client?.(files) }, (look) =>
      question.judge({ ...look, reloadSignal: launcher.reloadSignal }, files),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
