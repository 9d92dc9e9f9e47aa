import { existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { installPackedPackages } from '../../support/packed-packages.ts'
import { runsEverything } from '../../support/runs-everything.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { root } from './read-page.ts'

/** Where a package of this name is in the workspace. */
const ours: Readonly<Record<string, string>> = {
  lockstep: 'packages/cli',
  '@lockstep/certs': 'packages/certs',
  '@lockstep/conformance': 'packages/conformance',
  '@lockstep/core': 'packages/core',
  '@lockstep/external': 'packages/external',
}

/** What readers install beside Lockstep. */
const others = [
  ...['express', 'fastify', 'hono', 'koa', 'socket.io', 'socket.io-client', 'ws', 'vitest', 'typescript'],
  ...['@types/express', '@types/koa', '@types/node', '@types/ws'],
]

export const installable: readonly string[] = [...Object.keys(ours), ...others]

let made: Promise<string> | undefined

/**
 * A `node_modules` as readers have it. Our packages are links to what was built; with TEST_EVERYTHING=1 they are packed and unpacked.
 * The others come from the workspace.
 */
export function storyModules(): Promise<string> {
  made ??= create()
  return made
}

async function create(): Promise<string> {
  const folder = runsEverything ? (await installPackedPackages()).folder : temporaryFolder()
  const modules = join(folder, 'node_modules')
  for (const [name, path] of Object.entries(ours)) link(join(root, path), join(modules, name))
  for (const name of others) link(join(root, 'node_modules', name), join(modules, name))
  mkdirSync(join(modules, '.bin'), { recursive: true })
  symlinkSync('../lockstep/bin/lockstep.js', join(modules, '.bin/lockstep'))
  return modules
}

function link(from: string, to: string): void {
  if (existsSync(to)) return
  mkdirSync(dirname(to), { recursive: true })
  symlinkSync(realpathSync(from), to, 'junction')
}
