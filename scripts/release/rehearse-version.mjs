// Applies a changeset in a copy of what holds the versions, and checks what came out.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readJson, rootFolder } from '../workspace.mjs'
import { manifestFaults } from './manifest-rules.mjs'
import { versionPackages } from './version-packages.mjs'

const holdsVersions =
  /^((packages\/\w+|examples(\/.+)?)\/)?(package\.json|README\.md|CHANGELOG\.md|LICENSE|pnpm-.*\.yaml)$|^\.changeset\//

/** Resolves with an exit code. */
export async function rehearseVersion() {
  const copy = mkdtempSync(join(tmpdir(), 'lockstep-version-'))
  try {
    for (const file of git(rootFolder, 'ls-files', '--cached', '--others', '--exclude-standard').split('\n'))
      if (holdsVersions.test(file)) cpSync(join(rootFolder, file), join(copy, file))
    symlinkSync(join(rootFolder, 'node_modules'), join(copy, 'node_modules'), 'junction')
    // Changesets asks git which commit a description came with.
    git(copy, 'init', '--quiet')
    writeFileSync(
      join(copy, '.changeset', 'rehearsal.md'),
      '---\n"lockstep": minor\n---\n\nRehearse a release.\n',
    )
    const exitCode = await versionPackages(copy)
    if (exitCode !== 0) return exitCode
    const faults = [...manifestFaults(copy), ...notApplied(copy)]
    for (const fault of faults) console.error(fault)
    return faults.length === 0 ? 0 : 1
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function notApplied(copy) {
  const [before, after] = [rootFolder, copy].map(
    (root) => readJson(join(root, 'packages', 'cli', 'package.json')).version,
  )
  const changeLog = readFileSync(join(copy, 'CHANGELOG.md'), 'utf8')
  const lockfile = readFileSync(join(copy, 'pnpm-lock.yaml'), 'utf8')
  return [
    ...(after === before ? [`The version is still ${before}.`] : []),
    // Before 1.0.0 no change asks for a new major version.
    ...(before.startsWith('0.') && !after.startsWith('0.')
      ? [`The version went from ${before} to ${after}.`]
      : []),
    ...(changeLog.includes('Rehearse a release.') ? [] : ['The change log lacks the change.']),
    ...(lockfile.includes(`specifier: ${after}`) ? [] : [`The lockfile lacks the version ${after}.`]),
  ]
}

function git(folder, ...args) {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8' })
}
