import { execFile, execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from './temporary-folder.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/**
 * A user's folder with our packages in its `node_modules`, as `npm pack` creates them, and with their dependencies. It needs no registry: the
 * packages are unpacked, and their dependencies come from the workspace.
 */
export async function installPackedPackages(): Promise<{ folder: string; manifests: readonly Manifest[] }> {
  const folder = temporaryFolder()
  const modules = join(folder, 'node_modules')
  const manifests = await Promise.all(
    readdirSync(join(root, 'packages')).map((name) => unpack(join(root, 'packages', name), modules)),
  )
  const ours = new Set(manifests.map(({ name }) => name))
  for (const { source, dependencies = {} } of manifests)
    for (const name of Object.keys(dependencies))
      if (!ours.has(name)) link(realpathSync(join(source, 'node_modules', name)), join(modules, name))
  link(join(root, 'node_modules', '@types', 'node'), join(modules, '@types', 'node'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  return { folder, manifests }
}

async function unpack(source: string, modules: string): Promise<Manifest & { readonly source: string }> {
  const packed = temporaryFolder()
  // On Windows npm is a batch file, which only a shell can start.
  const { stdout } = await promisify(execFile)('npm', ['pack', '--json', '--pack-destination', packed], {
    cwd: source,
    shell: process.platform === 'win32',
  })
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  const { name } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Manifest
  const target = join(modules, name)
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', join(packed, filename), '--strip-components=1', '-C', target])
  return { ...(JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')) as Manifest), source }
}

function link(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  if (!existsSync(to)) symlinkSync(from, to, 'junction')
}
