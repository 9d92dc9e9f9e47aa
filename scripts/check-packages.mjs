// Checks the packages as a user would get them: what they say about themselves, and packed, with their contents, entry points and types.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { manifestFaults } from './release/manifest-rules.mjs'
import { packPackages, tarballsIn } from './release/pack-packages.mjs'
import { tarballFaults } from './release/tarball-rules.mjs'
import { runTool } from './run-tool.mjs'

/** Needs no build. Returns an exit code. */
export function checkManifests() {
  const faults = manifestFaults()
  for (const fault of faults) console.error(fault)
  return faults.length === 0 ? 0 : 1
}

/** Resolves with an exit code. */
export async function checkPackages() {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-packed-'))
  try {
    const packing = await packPackages(folder)
    if (packing !== 0) return packing
    return await checkTarballs(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Resolves with the exit code of the first failure, or 0; every package is checked in any case. */
export async function checkTarballs(folder) {
  const exitCodes = []
  for (const file of tarballsIn(folder)) exitCodes.push(await checkTarball(file))
  return exitCodes.find((exitCode) => exitCode !== 0) ?? 0
}

async function checkTarball(file) {
  const publint = await runTool('publint', 'publint', ['run', '--strict', file], { quietWhenGood: true })
  // esm-only: that CommonJS cannot `require` the packages in old resolution modes is intended.
  const attwArgs = ['--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii', file]
  const attw = await runTool('@arethetypeswrong/cli', 'attw', attwArgs, { quietWhenGood: true })
  const faults = tarballFaults(file)
  for (const fault of faults) console.error(`${basename(file)}: ${fault}`)
  const exitCode = publint || attw || (faults.length === 0 ? 0 : 1)
  console.log(`${basename(file)}: ${exitCode === 0 ? 'ok' : 'FAILED, see above'}`)
  return exitCode
}
