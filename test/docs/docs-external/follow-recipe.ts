import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import { fixtures, type Started, startLockstep } from '../../support/lockstep.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { filesFor, recipes } from './recipes.ts'

const command = fileURLToPath(new URL('../../../packages/cli/bin/lockstep.js', import.meta.url))

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** The server of a recipe, for a client that verifies its certificate. */
export interface Followed extends AsyncDisposable {
  readonly server: Started
  /** As the client writes it, such as `https://localhost:40123`. */
  readonly origin: string
  ask(
    path: string,
    options?: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<Answer>
  openWebSocket(path: string, protocol?: string): WebSocket
}

export interface Preparation {
  /** Folders with programs that the reader has in PATH. */
  readonly programs?: readonly string[]
  /** Packages of this workspace that the reader has installed in the folder. */
  readonly packages?: readonly string[]
  /** Files of `test/fixtures/programs` that the reader has. */
  readonly sources?: readonly string[]
  readonly deadlineMs?: number
}

/** Does what a recipe says, in an empty folder, up to the banner. Only the port is another one. */
export async function followRecipe(
  name: string,
  { programs = [], packages = [], sources = [], deadlineMs = 60_000 }: Preparation = {},
): Promise<Followed> {
  const [folder, bin] = [temporaryFolder(), temporaryFolder()]
  for (const { path, text: content } of filesFor(name)) writeFileSync(join(folder, path), content)
  for (const source of sources) cpSync(join(fixtures, 'programs', source), join(folder, source))
  installPackages(folder, packages)
  provide(join(bin, 'lockstep'), `exec '${process.execPath}' '${command}' "$@"`)
  provide(join(bin, 'node'), `exec '${process.execPath}' "$@"`)
  const commands = recipes.get(name)
  if (commands === undefined) throw new Error(`docs/external.md has no recipe ${name}`)
  expect(commands).toContain(' --port 8443 ')
  // bash replaces itself with the server, so the server gets its process id and signals.
  const adapted = commands.replace(' --port 8443 ', ' --port 0 ').replace(/^(?=lockstep exec )/m, 'exec ')
  const server = await startLockstep([], {
    cwd: folder,
    env: { PATH: [bin, ...programs, process.env['PATH']].join(':') },
    through: ['bash', '-eu', '-o', 'pipefail', '-c', adapted],
    deadlineMs,
  })
  const ca = readFileSync(join(server.runtimeFolder, 'lockstep/local-ca/root.pem'))
  const origin = `https://localhost:${server.port}`
  return {
    server,
    origin,
    ask: (path, { body, ...options } = {}) => {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      const signal = AbortSignal.timeout(20_000)
      const asked = request(
        origin + path,
        { ca, agent: false, family: 4, signal, ...options },
        (response) => {
          text(response).then(
            (read) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: read }),
            reject,
          )
        },
      )
      asked.once('error', reject)
      asked.end(body)
      return promise
    },
    openWebSocket: (path, protocol) =>
      new WebSocket(`wss://localhost:${server.port}${path}`, protocol ? [protocol] : [], {
        ca,
        family: 4,
        origin,
        handshakeTimeout: 20_000,
      }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** Stops it as a service manager does. It must end in order, and leave nothing. */
export async function stopInOrder({ server }: Followed): Promise<void> {
  server.signal('SIGTERM')
  const finished = await server.finished()
  expect(finished, finished.stderr).toMatchObject({ code: 0, signal: null })
  expect(finished.stderr).not.toContain('is killed')
  expect(server.processes()).toEqual([])
}

function provide(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

function installPackages(folder: string, packages: readonly string[]): void {
  for (const name of packages) {
    const modules = join(folder, 'node_modules')
    mkdirSync(join(modules, '.bin'), { recursive: true })
    const installed = placeOf(name)
    symlinkSync(installed, join(modules, name))
    const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      bin?: Record<string, string>
    }
    for (const [program, script] of Object.entries(bin ?? {}))
      symlinkSync(join('..', name, script), join(modules, '.bin', program))
  }
}

/** Vite is a dependency of Vitest, and not one of the workspace. */
function placeOf(name: string): string {
  const from = name === 'vite' ? import.meta.resolve('vitest') : import.meta.url
  const main = fileURLToPath(import.meta.resolve(name, from))
  return main.slice(0, main.lastIndexOf(`node_modules/${name}/`) + `node_modules/${name}`.length)
}
