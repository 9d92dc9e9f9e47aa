// Runs under the pinned Node. Nothing is written unless everything can be.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runTool } from '../run-tool.mjs'
import { rootFolder } from '../workspace.mjs'
import { marker } from './fill-in.mjs'
import { planNew } from './plan-new.mjs'
import { WrongName } from './wrong-name.mjs'

try {
  await write(planNew(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof WrongName)) throw error
  console.error(error.message)
  process.exitCode = 2
}

async function write({ files, does, left }) {
  for (const { path, text } of files) {
    const file = join(rootFolder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const sources = files.map(({ path }) => path).filter((path) => /\.(?:ts|js)$/.test(path))
  await runTool('@biomejs/biome', 'biome', ['format', '--write', ...sources], { quietWhenGood: true })
  const width = Math.max(...files.map(({ path }) => path.length))
  console.log(`${does}\n`)
  for (const { path, what } of files) console.log(`  ${path.padEnd(width)}  ${what}`)
  console.log(`\nLeft to do, beside each "${marker}":\n`)
  for (const step of left) console.log(`  - ${step}`)
}
