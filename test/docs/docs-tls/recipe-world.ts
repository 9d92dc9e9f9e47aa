import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type CertificateRequest,
  createAuthority,
  type IssuedCertificate,
  issueCertificate,
} from '@lockstep/certs'
import { expect } from 'vitest'
import {
  type Finished,
  runLockstep,
  type Started,
  type StartOptions,
  startLockstep,
} from '../../support/lockstep.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { folderOnPage } from '../pages/follow-story.ts'
import { outputOf, settle } from '../pages/samples.ts'
import { adaptToRun, type Ports, placesOf } from './recipe-ports.ts'
import { outputs, type Recipe, recipes } from './recipes.ts'

export interface RecipeRun extends StartOptions {
  /** The expected exit code. Default: 0. `failure` is any other code. */
  readonly code?: number | 'failure'
}

/** A folder in which a reader follows recipes, with everything that they assume. */
export interface RecipeWorld {
  readonly folder: string
  /** The CA that this machine trusts. */
  readonly rootPem: string
  /** The recipes and outputs that were used so far. */
  readonly used: ReadonlySet<string>
  /** Issues a certificate by an intermediate of a CA that this machine trusts. */
  issue(request: CertificateRequest): Promise<IssuedCertificate>
  /** Saves such a chain and its key as `certs/cert.pem` and `certs/key.pem`, or under another name that the page uses. */
  savePair(request: CertificateRequest, name?: string): Promise<IssuedCertificate>
  /** Replaces a path of the page, such as `/etc/letsencrypt`, by one in the folder, and returns it. */
  relocate(path: string): string
  /** The text of a recipe that is not run as it is. */
  read(name: string): string
  /** Saves the file of a recipe. */
  save(name: string): void
  /** Writes a file that the reader would have. */
  write(path: string, text: string | Uint8Array, mode?: number): string
  /** Creates a program that the recipes call by its name. */
  provide(program: string, script: string): void
  /** Runs the commands of a recipe in bash, and checks how they end. */
  run(name: string, options?: RecipeRun): Promise<Finished>
  /** Runs a recipe whose last command is a server, and resolves when the server is ready. */
  serve(name: string, options?: StartOptions): Promise<Started>
  /** Does the same with any other commands. */
  type(commands: string, options?: RecipeRun): Promise<Finished>
  start(commands: string, options?: StartOptions): Promise<Started>
  /** Compares an output of the page with what was seen, except for what differs in each run. */
  expectSeen(name: string, seen: string): void
}

const command = fileURLToPath(new URL('../../../packages/cli/bin/lockstep.js', import.meta.url))
const installed = fileURLToPath(new URL('../../../packages/cli', import.meta.url))

/**
 * Creates a home folder, `lockstep`, `node` and the package `lockstep` as if they were installed, and a root that this machine trusts like a public
 * CA. Ports of the page become 0 where a server listens, and elsewhere the ports that were assigned.
 */
export async function createRecipeWorld(): Promise<RecipeWorld> {
  const root = await createAuthority({ commonName: 'Example root' })
  const issuer = await createAuthority({ commonName: 'Example CA', issuer: root })
  const folder = temporaryFolder()
  const [home, bin] = [temporaryFolder(), temporaryFolder()]
  // Some recipes are followed by another user.
  for (const shared of [folder, bin]) chmodSync(shared, 0o755)
  const used = new Set<string>()
  const moved = new Map<string, string>()
  let ports: Ports = new Map()
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(installed, join(folder, 'node_modules/lockstep'))
  const trusted = join(bin, 'trusted.pem')
  writeFileSync(trusted, root.certPem)

  const provide = (program: string, script: string): void =>
    writeFileSync(join(bin, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  provide('lockstep', `exec '${process.execPath}' '${command}' "$@"`)
  provide('node', `exec '${process.execPath}' "$@"`)
  const env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_RUNTIME_DIR: home,
    SSL_CERT_FILE: trusted,
    CURL_CA_BUNDLE: trusted,
    NO_PROXY: '*',
  }

  const use = (name: string, from: readonly Recipe[] = recipes): Recipe => {
    const found = from.find((recipe) => recipe.name === name)
    if (!found) throw new Error(`docs/tls.md has no ${from === recipes ? 'recipe' : 'output'} ${name}`)
    used.add(name)
    return found
  }
  const here = (text: string): string =>
    [...moved].reduce(
      (adapted, [path, there]) => adapted.replaceAll(path, there),
      adaptToRun(text, ports).replaceAll(/\bcert trust$/gm, 'cert trust --yes'),
    )
  const inBash = (text: string, { through = [], env: more, ...options }: StartOptions): StartOptions => ({
    cwd: folder,
    ...options,
    env: { ...env, ...more },
    through: [...through, 'bash', '-eu', '-o', 'pipefail', '-c', text],
  })
  const type = async (commands: string, { code = 0, ...options }: RecipeRun = {}): Promise<Finished> => {
    const finished = await runLockstep([], inBash(here(commands), options))
    const seen = `${commands}\n${finished.stdout}${finished.stderr}`
    expect(code === 'failure' ? finished.code !== 0 : finished.code, seen).toBe(
      code === 'failure' ? true : code,
    )
    return finished
  }
  const start = async (commands: string, options: StartOptions = {}): Promise<Started> => {
    ports = new Map()
    // bash replaces itself with the server, so the server gets its process id and signals.
    const text = here(commands).replace(/^(?=lockstep run|node )/m, 'exec ')
    const server = await startLockstep([], inBash(text, options))
    ports = placesOf(server)
    return server
  }

  const write = (path: string, text: string | Uint8Array, mode = 0o600): string => {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { mode })
    return file
  }
  const issue = (request: CertificateRequest): Promise<IssuedCertificate> =>
    issueCertificate({ authority: issuer, ...request })

  return {
    folder,
    rootPem: root.certPem,
    used,
    issue,
    async savePair(request, name = '') {
      const issued = await issue(request)
      write(`certs/${name || 'cert'}.pem`, issued.chainPem)
      write(`certs/${name && `${name}-`}key.pem`, issued.keyPem)
      return issued
    },
    relocate(path) {
      const there = join(folder, 'elsewhere', path)
      mkdirSync(there, { recursive: true })
      moved.set(path, there)
      return there
    },
    read: (name) => use(name).text,
    save(name) {
      const { file, text } = use(name)
      if (file === null) throw new Error(`the recipe ${name} is not a file`)
      writeFileSync(join(folder, file), here(text), { mode: 0o644 })
    },
    write,
    provide,
    run: (name, options) => type(use(name).text, options),
    type,
    start,
    serve: (name, options) => start(use(name).text, options),
    expectSeen(name, seen) {
      use(name, outputs)
      const block = outputs.find((output) => output.name === name)?.block
      if (block) settle([outputOf(block, seen.replaceAll(folder, folderOnPage))])
    },
  }
}
