import { LaunchError } from './launch-error.ts'
import { codeOf, messageOf } from './thrown.ts'

/** Passes a `LaunchError` on and wraps anything else, so that callers see one kind of error. */
export function asLaunchError(error: unknown): LaunchError {
  if (error instanceof LaunchError) return error
  if (codeOf(error) === 'ERR_ACCESS_DENIED') return deniedByNode(error)
  return new LaunchError({
    code: 'ERR_INTERNAL',
    message: messageOf(error),
    hint: 'This is not foreseen. Please report it, with the stack.',
    cause: error,
  })
}

/** The flags of Node that allow what its permission model denies, by the scope that an `ERR_ACCESS_DENIED` names. */
const allowing: Readonly<Record<string, string>> = {
  ChildProcess: '--allow-child-process',
  FileSystemRead: '--allow-fs-read',
  FileSystemWrite: '--allow-fs-write',
  Inspector: '--allow-inspector',
  Net: '--allow-net',
  WorkerThreads: '--allow-worker',
}

function deniedByNode(error: unknown): LaunchError {
  const { permission = '', resource = '' } = error as { permission?: string; resource?: string }
  const what = [permission, resource].filter((word) => word !== '').join(' ')
  return new LaunchError({
    code: 'ERR_NODE_PERMISSION',
    message: `The permission model of Node (--permission) denies ${what === '' ? 'what the launch needs' : what}.`,
    hint: `Start Node with ${allowing[permission] ?? 'the flag that allows it'}, or without --permission.`,
    cause: error,
  })
}
