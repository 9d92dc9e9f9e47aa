import { accessSync, constants } from 'node:fs'

const shell = '/bin/sh'

/** Every signal that the launcher has a meaning for, or an app may have one for. */
const forwarded = ['TERM', 'INT', 'HUP', 'QUIT', 'TTIN', 'TTOU', 'USR1', 'USR2'] as const

/**
 * The first process of a container inherits every process whose parent has died, and has to reap it when it ends (pid_namespaces(7)).
 * Node waits for its own children alone. A POSIX shell that waits reaps whatever comes, so it becomes the first process in our
 * place, starts us again below itself, and passes signals on. It ends with our exit code.
 */
const init = `"$@" <&0 & child=$!
${forwarded.map((signal) => `trap 'kill -${signal} $child' ${signal}`).join('\n')}
while :; do
  wait $child; status=$?
  kill -0 $child 2>/dev/null || exit $status
done`

/**
 * Runs this program again under an init if it is the first process of a container; then it does not return. Gives why it could
 * not, for a warning, or `null` when there is no need.
 */
export function runUnderInit(argv: readonly string[]): string | null {
  if (process.pid !== 1 || process.platform !== 'linux') return null
  if (!isExecutable(shell)) return `there is no ${shell} that could reap the processes of others`
  if (!process.execve) return `Node ${process.versions.node} can not put a shell in its place`
  const [node = process.execPath, ...words] = argv
  process.execve(shell, ['sh', '-c', init, 'sh', node, ...process.execArgv, ...words], process.env)
  return null
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
