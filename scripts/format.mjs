// Formats all files and applies the fixes that cannot change what the code does.
import { runTool } from './run-tool.mjs'
import { ensureInstalled } from './set-up.mjs'

await ensureInstalled()
process.exitCode = await runTool('@biomejs/biome', 'biome', ['check', '--write', '.'])
