import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { liveProcesses, waitUntilGone } from './processes.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** The command as it is installed: built, and started as a separate process. */
const command = fileURLToPath(new URL('../../packages/cli/bin/lockstep.js', import.meta.url))

export const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url))

export interface StartOptions {
  /** The current folder of the command; unset, that of the fixtures. */
  readonly cwd?: string
  /** Added to an environment without the variables that Lockstep reads. */
  readonly env?: Readonly<Record<string, string>>
  readonly uid?: number
  /** A program such as `unshare`, with its arguments, that finally replaces itself with the command. */
  readonly through?: readonly string[]
  /** The script of another launcher than `lockstep`. */
  readonly script?: string
  /** What another launcher writes when it is ready. */
  readonly readyWhen?: RegExp
  /** Time limit for readiness or the end. */
  readonly deadlineMs?: number
}

export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started extends AsyncDisposable {
  /** From the banner. */
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly child: ChildProcess
  /** The folder of its control socket (`XDG_RUNTIME_DIR`), unless the given environment sets another one. */
  readonly runtimeFolder: string
  /** All live processes of this launch, including the launcher. Zombies do not count. */
  processes(): number[]
  stdout(): string
  stderr(): string
  /** Resolves when the text has been written to either stream. */
  waitFor(text: string | RegExp, deadlineMs?: number): Promise<void>
  signal(signal: NodeJS.Signals): void
  /** Resolves when the launcher has ended. */
  finished(deadlineMs?: number): Promise<Finished>
}

const readByLockstep =
  /^(LOCKSTEP_|PORT$|HOST$|WEB_CONCURRENCY$|FORWARDED_ALLOW_IPS$|LISTEN_|NOTIFY_SOCKET$|WATCHDOG_|NO_COLOR$|FORCE_COLOR$|NODE_OPTIONS$|VITEST)/

/** All starts of a test file share their compile cache, as those of a user do. Without one, a start takes twice the processor's time. */
const cacheHome = temporaryFolder()

function begin(
  args: readonly string[],
  { cwd = fixtures, env = {}, uid, through = [], script = command }: StartOptions,
) {
  const id = randomUUID()
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !readByLockstep.test(name)),
  )
  const home = temporaryFolder()
  const [program = process.execPath, ...words] = [...through, process.execPath, script, ...args]
  const child = spawn(program, words, {
    cwd,
    ...(uid !== undefined && { uid, gid: uid }),
    // Every process of the launch inherits the id, so that all of them can be found.
    env: {
      ...inherited,
      NODE_ENV: 'test',
      XDG_DATA_HOME: home,
      XDG_RUNTIME_DIR: home,
      XDG_CACHE_HOME: cacheHome,
      // Sentences on one line, as tests compare them. Those about widths set their own.
      COLUMNS: '10000',
      ...env,
      TEST_LAUNCH_ID: id,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      text[stream] += chunk
      child.emit('text')
    })
  }
  const ended = once(child, 'close').then(([code, signal]): Finished => ({ code, signal, ...text }))
  return { child, text, ended, id, home }
}

/** Runs a command until it exits, such as `lockstep check` or a launch that fails. */
export async function runLockstep(args: readonly string[], options: StartOptions = {}): Promise<Finished> {
  const { child, ended, text, id } = begin(args, options)
  const { deadlineMs = 20_000 } = options
  const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
  const finished = await ended
  clearTimeout(timer)
  if (finished.signal === 'SIGKILL')
    throw new Error(
      `lockstep ${args.join(' ')} did not end within ${deadlineMs} ms:\n${text.stdout}${text.stderr}`,
    )
  await waitUntilGone(() => liveProcesses(id))
  return finished
}

/** Starts a server and resolves when it has printed its banner. Rejects with all output if it ends before. */
export async function startLockstep(args: readonly string[], options: StartOptions = {}): Promise<Started> {
  const { child, text, ended, id, home } = begin(args, options)
  const { deadlineMs = 20_000, readyWhen = /Verified:|"type":"ready"/ } = options

  const waitFor = waiting({ child, text, ended, deadlineMs })
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
    await waitUntilGone(() => liveProcesses(id))
  }
  try {
    await waitFor(readyWhen)
  } catch (error) {
    await kill()
    throw error
  }
  const url = /https?:\/\/[^\s"]+/.exec(text.stdout)?.[0] ?? ''
  return {
    url,
    port: url === '' ? 0 : Number(new URL(url).port),
    pid: child.pid ?? 0,
    child,
    runtimeFolder: home,
    processes: () => liveProcesses(id),
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    waitFor,
    signal: (signal) => void child.kill(signal),
    async finished(waitMs = deadlineMs) {
      const timer = setTimeout(() => child.kill('SIGKILL'), waitMs)
      const finished = await ended
      clearTimeout(timer)
      return finished
    },
    [Symbol.asyncDispose]: kill,
  }
}

/** A command that keeps running for a while, such as `lockstep status --watch`. */
export function beginLockstep(
  args: readonly string[],
  options: StartOptions = {},
): Pick<Started, 'pid' | 'processes' | 'waitFor' | 'stdout' | 'stderr'> & {
  readonly ended: Promise<Finished>
} {
  const { child, text, ended, id } = begin(args, options)
  return {
    pid: child.pid ?? 0,
    processes: () => liveProcesses(id),
    waitFor: waiting({ child, text, ended, deadlineMs: options.deadlineMs ?? 20_000 }),
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    ended,
  }
}

function waiting({
  child,
  text,
  ended,
  deadlineMs,
}: Pick<ReturnType<typeof begin>, 'child' | 'text' | 'ended'> & { deadlineMs: number }): Started['waitFor'] {
  return async (wanted, waitMs = deadlineMs) => {
    const found = (): boolean =>
      [text.stdout, text.stderr].some((written) =>
        typeof wanted === 'string' ? written.includes(wanted) : wanted.test(written),
      )
    const signal = AbortSignal.timeout(waitMs)
    while (!found()) {
      const dead = ended.then(() => 'ended' as const)
      const more = once(child, 'text', { signal }).then(
        () => 'text' as const,
        () => 'late' as const,
      )
      const what = await Promise.race([dead, more])
      if (what !== 'text' && !found())
        throw new Error(`"${wanted}" was not written (${what}):\n${text.stdout}${text.stderr}`)
    }
  }
}
