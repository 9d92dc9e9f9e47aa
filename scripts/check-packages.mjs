// Checks the packages as a user would get them: packed, with their entry points and types.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { runPnpm } from './pnpm.mjs'
import { runTool } from './run-tool.mjs'

/** Resolves with the exit code of the first failure, or 0; every package is checked in any case. */
export async function checkPackages() {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-packed-'))
  try {
    const packing = await packInto(folder)
    if (packing !== 0) return packing
    const exitCodes = []
    for (const name of readdirSync(folder).sort()) {
      exitCodes.push(await checkTarball(join(folder, name)))
    }
    return exitCodes.find((exitCode) => exitCode !== 0) ?? 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function packInto(folder) {
  const args = ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder]
  return runPnpm(args, { quietWhenGood: true })
}

async function checkTarball(file) {
  const publint = await runTool('publint', 'publint', ['run', '--strict', file], { quietWhenGood: true })
  // esm-only: that CommonJS cannot `require` the packages in old resolution modes is intended.
  const attwArgs = ['--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii', file]
  const attw = await runTool('@arethetypeswrong/cli', 'attw', attwArgs, { quietWhenGood: true })
  const exitCode = publint || attw
  console.log(`${basename(file)}: ${exitCode === 0 ? 'ok' : 'FAILED, see above'}`)
  return exitCode
}
