import { spawn } from 'node:child_process'
import { accessSync, closeSync, constants, openSync, writeSync } from 'node:fs'
import { streamHandle } from '../node/internals/stream-handle.ts'

const shell = '/bin/sh'

/** Every signal that the launcher has a meaning for, or an app may have one for. */
const forwarded = ['TERM', 'INT', 'HUP', 'QUIT', 'TTIN', 'TTOU', 'USR1', 'USR2'] as const

/**
 * The first process of a container inherits every process whose parent has died, and has to reap it when it ends (pid_namespaces(7)).
 * Node waits for its own children alone. A POSIX shell that waits reaps whatever comes, so it becomes the first process in our
 * place, passes signals on to the launcher, and ends with its exit code.
 */
const init = (start: string): string => `exec 9<&0
${start}
${forwarded.map((signal) => `trap 'kill -${signal} $child' ${signal}`).join('\n')}
while :; do
  wait $awaited; status=$?
  kill -0 $awaited 2>/dev/null || exit $status
done`

/** The shell starts the launcher again, below itself. A shell takes the standard input from what it starts in the background, so it is kept at 9. */
const startsLauncher = init('"$@" <&9 9<&- & child=$! awaited=$!')

/**
 * The launcher runs already, as a child of the process that becomes the shell, and a shell cannot wait for a child that it has not started.
 * It waits for a reader of the status that the launcher writes. One that was killed writes none.
 */
const watchesLauncher = init('{ read status || status=137; exit $status; } <&9 & awaited=$! child=$1')

/** The descriptor where a launcher below the shell writes its exit code. The launcher takes it out of its environment before anything reads that. */
const statusVariable = 'LOCKSTEP_INIT_STATUS'

/**
 * Runs this program again under an init if it is the first process of a container; then it does not return. Returns why it could
 * not, for a warning, or `null` when there is no need.
 */
export function runUnderInit(argv: readonly string[]): string | null {
  sayStatusAtEnd()
  if (process.pid !== 1 || process.platform !== 'linux') return null
  if (!isExecutable(shell)) return `there is no ${shell} that could reap the processes of others`
  if (!process.execve) return `Node ${process.versions.node} cannot put a shell in its place`
  const [node = process.execPath, ...words] = argv
  const command = [node, ...process.execArgv, ...words] as const
  const sockets = handedOver()
  if (sockets.length === 0) {
    process.execve(shell, ['sh', '-c', startsLauncher, 'sh', ...command], process.env)
    return null
  }
  const launcher = startWith(sockets, command)
  if (launcher === null) return 'the sockets that it was handed could not be passed on'
  process.execve(shell, ['sh', '-c', watchesLauncher, 'sh', String(launcher)], process.env)
  return null
}

/** Descriptors from 3 on, as LISTEN_FDS counts them: sd_listen_fds(3). */
function handedOver(): readonly number[] {
  const { LISTEN_PID: listener, LISTEN_FDS: count = '' } = process.env
  return listener === '1' && /^\d{1,5}$/.test(count)
    ? Array.from({ length: Number(count) }, (_, at) => 3 + at)
    : []
}

/**
 * Starts the launcher with these descriptors, and returns its process id; `null` when it could not be done. Node marks every descriptor but the
 * standard streams as not to be inherited by what replaces it, so the sockets would be lost on the way through the shell. What is
 * left at descriptor 0 is our end of a pipe on which the launcher says how it ended: the lowest free number is what a pipe gets
 * (dup(2)), and the shell has no other use for its standard input.
 */
function startWith(
  sockets: readonly number[],
  [node, ...args]: readonly [string, ...string[]],
): number | null {
  const input = reopened('/dev/fd/0')
  // The first stream of an event loop takes a descriptor in reserve (`uv__stream_init()`), which would be 0.
  process
    .getBuiltinModule('node:net')
    .connect('/')
    .on('error', () => undefined)
    .destroy()
  closeSync(0)
  const child = spawn(node, args, {
    stdio: [input ?? 'ignore', 1, 2, ...sockets, 'pipe'],
    env: { ...process.env, [statusVariable]: String(3 + sockets.length) },
  })
  const end = streamHandle((child.stdio as readonly unknown[])[3 + sockets.length])
  child.on('error', () => undefined)
  if (child.pid !== undefined && end?.fd === 0 && end.setBlocking?.(true) === 0) return child.pid
  child.kill('SIGKILL')
  return null
}

function sayStatusAtEnd(): void {
  const { [statusVariable]: descriptor } = process.env
  if (descriptor === undefined) return
  delete process.env[statusVariable]
  process.on('exit', (code) => {
    try {
      writeSync(Number(descriptor), `${code}\n`)
    } catch {
      // The shell is gone, and the container with it.
    }
  })
}

/** `null` for a socket, which can't be opened. */
function reopened(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch {
    return null
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
