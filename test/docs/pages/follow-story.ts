import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { runLockstep, type Started, type StartOptions, startLockstep } from '../../support/lockstep.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { matches } from './mask.ts'
import { type Block, readBlocks, root } from './read-page.ts'
import { linesOf, type Output } from './samples.ts'
import { type Shown, splitCommands, splitConsole } from './split-commands.ts'
import { installable, storyModules } from './story-modules.ts'
import {
  fileWithFreePort,
  type PortPair,
  startsServer,
  toReal,
  toShown,
  withFreePort,
} from './story-ports.ts'

/** Where the reader is, on the page. */
const homeOnPage = '/home/me'
export const folderOnPage = '/srv/shop'
const defaultPort = 3000

const asInTerminal = { LOCKSTEP_LOG_FORMAT: 'pretty' }
/** Its own port may be taken. */
const ofProgram = { ...asInTerminal, LOCKSTEP_PORT: '0' }

/** Does what the blocks of a story say, and returns each output of the page with what was really written. */
export async function followStory(name: string, blocks: readonly Block[]): Promise<Output[]> {
  const home = temporaryFolder()
  const folder = join(home, 'shop')
  const outputs: Output[] = []
  const ports: PortPair[] = []
  let portOfFiles: number | null = null
  let running: Started | null = null
  let throughNpx = false
  let last = ''
  await prepare(home, folder)

  const adapt = (command: string): string => toReal(command, ports)
  const onPage = (text: string): string =>
    toShown(text, ports).replaceAll(folder, folderOnPage).replaceAll(home, homeOnPage)
  const inBash = (command: string, env: Readonly<Record<string, string>> = {}): StartOptions => ({
    cwd: folder,
    env: {
      PATH: [join(home, 'bin'), join(folder, 'node_modules/.bin'), process.env['PATH']].join(':'),
      HOME: home,
      XDG_DATA_HOME: '',
      XDG_RUNTIME_DIR: join(home, 'run'),
      npm_config_update_notifier: 'false',
      ...env,
    },
    through: ['bash', '-eu', '-o', 'pipefail', '-c', `exec 2>&1\nunset NODE_ENV\n${command}`],
    deadlineMs: 60_000,
  })

  const stop = async (): Promise<void> => {
    const server = running
    if (server === null) return
    // npm passes a signal to the shell that it has started, and not to the server.
    if (throughNpx) await runLockstep([], inBash('lockstep stop'))
    else if (server.child.exitCode === null) server.signal('SIGTERM')
    const finished = await server.finished()
    running = null
    last = onPage(finished.stdout)
    expect(finished, finished.stdout).toMatchObject({ code: 0, signal: null })
  }

  const serve = async (shownCommand: string): Promise<void> => {
    await stop()
    const { command, shown } = withFreePort(shownCommand)
    const needsPort = startsServer(command) && shown === null && portOfFiles === null
    const text = needsPort ? command.replace(/ (?:run|serve|exec)\b/, '$& --port 0') : command
    const isProgram = !startsServer(command)
    throughNpx = /^(?:[A-Z_]+=\S+ )*npx /.test(command)
    const server = await startLockstep([], {
      ...inBash(`exec env ${adapt(text)}`, isProgram ? ofProgram : asInTerminal),
      ...(isProgram && { readyWhen: /https?:\/\/\S+:\d+/ }),
    })
    running = server
    // Also after a time limit, and what npx has left.
    onTestFinished(() => server.processes().forEach(kill))
    ports.unshift({ shown: shown ?? portOfFiles ?? defaultPort, real: server.port })
    last = onPage(server.stdout())
  }

  const run = async (command: string, exits: number): Promise<void> => {
    if (/^npm (?:install|i|add)\b/.test(command)) return expectInstallable(command)
    const isProgram = command.startsWith('node ')
    const finished = await runLockstep([], inBash(adapt(command), isProgram ? ofProgram : {}))
    last = onPage(finished.stdout)
    // Its server has ended, and with it the knowledge of its port.
    if (isProgram)
      last = last.replaceAll(/(?<=(?:127\.0\.0\.1|localhost):)\d{4,5}\b/g, String(portOfFiles ?? defaultPort))
    expect(finished.code, `$ ${command}\n${last}`).toBe(exits)
  }

  /** What the block should show. A server may write it some time after what caused it. */
  const written = async (block: Block): Promise<string[]> => {
    const server = running
    if (!(block.kind?.kind === 'output' && block.kind.ofServer) || server === null) return linesOf(last)
    const now = (): string[] => linesOf(onPage(server.stdout()))
    const until = Date.now() + 15_000
    while (!matches(linesOf(block.text), now()) && Date.now() < until) await setTimeout(100)
    return now()
  }

  const follow = async (block: Block): Promise<void> => {
    const { kind } = block
    if (kind?.kind === 'file') {
      const { text, shown } = fileWithFreePort(block.text)
      portOfFiles = shown ?? portOfFiles
      mkdirSync(dirname(join(folder, kind.path)), { recursive: true })
      writeFileSync(join(folder, kind.path), text)
    } else if (kind?.kind === 'output') {
      outputs.push({ block, command: null, shown: linesOf(block.text), written: await written(block) })
    } else if (kind?.kind === 'run') {
      for (const path of kind.with) copyFileSync(join(root, path), join(folder, basename(path)))
      const commands: readonly Shown[] =
        block.language === 'console' ? splitConsole(block.text) : splitCommands(block.text)
      for (const [index, { command, output }] of commands.entries()) {
        const isLast = index === commands.length - 1
        const exits = isLast ? kind.exits : 0
        const serves = startsServer(command) ? exits === 0 : isLast && kind.serves
        if (serves) await serve(command)
        else await run(command, exits)
        if (output !== null) outputs.push({ block, command, shown: output, written: linesOf(last) })
      }
    }
  }

  try {
    for (const block of blocks) await follow(block)
    await stop()
  } catch (error) {
    throw new Error(`The story "${name}": ${error instanceof Error ? error.message : error}`, {
      cause: error,
    })
  }
  return outputs
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function prepare(home: string, folder: string): Promise<void> {
  for (const path of [folder, join(home, 'bin'), join(home, 'run')]) mkdirSync(path, { mode: 0o700 })
  symlinkSync(process.execPath, join(home, 'bin/node'))
  symlinkSync(await storyModules(), join(folder, 'node_modules'))
  const app = readBlocks('README.md').find(({ kind }) => kind?.kind === 'file' && kind.path === 'app.js')
  writeFileSync(join(folder, 'app.js'), app?.text ?? '')
  // As `npm install` writes it.
  writeFileSync(join(folder, 'package.json'), '{\n  "dependencies": {\n    "lockstep": "^0.1.0"\n  }\n}\n')
}

function expectInstallable(command: string): void {
  const names = command
    .split(' ')
    .slice(2)
    .filter((word) => !word.startsWith('-'))
  expect(
    names.filter((name) => !installable.includes(name)),
    `${command}: not in pages/story-modules.ts`,
  ).toEqual([])
}
