// Asks each server each question, and writes docs/other-launchers.md. `--only NAME` asks one server, and writes nothing.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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

const results = []
for (const launcher of launchers.filter(({ name }) => only === null || name.includes(only))) {
  console.log(`\n${launcher.name} ${launcher.version()}`)
  const answers = {}
  for (const question of questions) {
    answers[question.id] = await ask(launcher, question)
    console.log(`  ${question.title}: ${Object.values(answers[question.id]).filter(Boolean).join(': ')}`)
  }
  results.push({ name: launcher.name, version: launcher.version(), answers })
}
if (only === null)
  writeFileSync(join(rootFolder, 'docs/other-launchers.md'), foreignPage({ results, questions }))

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
