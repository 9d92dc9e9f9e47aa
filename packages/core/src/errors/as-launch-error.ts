import { isSystemError } from './file-error.ts'
import { LaunchError } from './launch-error.ts'
import { codeOf, messageOf } from './thrown.ts'

/** Passes a `LaunchError` on and wraps anything else, so that callers see one kind of error. */
export function asLaunchError(error: unknown): LaunchError {
  if (error instanceof LaunchError) return error
  if (codeOf(error) === 'ERR_ACCESS_DENIED') return deniedByNode(error)
  if (isSystemError(error) && surroundings[codeOf(error)] !== undefined) return refusedBySystem(error)
  return new LaunchError({
    code: 'LOCKSTEP_ERR_INTERNAL',
    message: messageOf(error),
    hint: 'This is not foreseen. Please report it, with the stack.',
    cause: error,
  })
}

/** What keeps a call of the system from succeeding without a mistake of the launcher, and the cure. */
const surroundings: Readonly<Record<string, string>> = {
  EACCES: 'Give this user access to it, or name another place.',
  EPERM: 'Give this user the right to do it, or name another place.',
  EROFS: 'Mount it so that it can be written, or name another place.',
  ENOSPC: 'Free space on that file system, or name another place.',
  EDQUOT: 'Raise the quota of this user, or name another place.',
  EIO: 'Check the disk: `dmesg` shows its errors.',
  ELOOP: 'Correct the symbolic links on that path.',
  ENAMETOOLONG: 'Use a shorter path.',
  ENOTDIR: 'Correct the path: a part of it is a file.',
  EMFILE: 'Raise the limit of open files (`ulimit -n`).',
  ENFILE: 'Raise the limit of open files of the whole system.',
  EAGAIN: 'Raise the limit of processes of this user (`ulimit -u`), or that of its container.',
  ENOMEM: 'Memory has run out: free some, or raise the limit of this process or its container.',
}

function refusedBySystem(error: unknown): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_SYSTEM',
    message: `The system refuses what the launcher needs: ${messageOf(error)}.`,
    hint: surroundings[codeOf(error)] ?? '',
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
    code: 'LOCKSTEP_ERR_NODE_PERMISSION',
    message: `The permission model of Node (--permission) denies ${what === '' ? 'what the launch needs' : what}.`,
    hint: `Start Node with ${allowing[permission] ?? 'the flag that allows it'}, or without --permission.`,
    cause: error,
  })
}
