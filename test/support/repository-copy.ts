import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../docs/pages/read-page.ts'
import { temporaryFolder } from './temporary-folder.ts'

/**
 * The repository as it is, with changes that are not committed, in a folder that may be changed. Its packages are its own, and what is
 * built of them; the dependencies are those of the repository.
 */
export function copyRepository(): string {
  const folder = temporaryFolder()
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  const files = listed.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))
  const built = readdirSync(join(root, 'packages')).flatMap((name) =>
    ['dist', 'node_modules'].map((part) => `packages/${name}/${part}`),
  )
  for (const name of [...files, ...built]) cpSync(join(root, name), join(folder, name), copying)
  linkDependencies(folder)
  return folder
}

// Links to packages of the workspace are relative, and so lead into the copy.
const copying = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true }

function linkDependencies(folder: string): void {
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  symlinkSync(join(root, 'node_modules', '.pnpm'), join(modules, '.pnpm'))
  for (const name of readdirSync(join(root, 'node_modules')))
    if (!/^\.(?:pnpm$|vite|cache)/.test(name))
      cpSync(join(root, 'node_modules', name), join(modules, name), copying)
}
