import { codeOf, isErrorLike, messageOf } from './thrown.ts'

/**
 * Whether the system denies access to a file. Windows says EPERM for what its access control lists deny
 * (https://github.com/nodejs/node/issues/7438), and Linux for a file that is immutable (ioctl_iflags(2)).
 */
export function isAccessDenied(error: unknown): boolean {
  return denials.has(codeOf(error))
}

/** Whether the system has refused a call, and not code of JavaScript. */
export function isSystemError(error: unknown): boolean {
  return isErrorLike(error) && typeof (error as NodeJS.ErrnoException).syscall === 'string'
}

const denials: ReadonlySet<string> = new Set(['EACCES', 'EPERM'])

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ENAMETOOLONG: 'there is no such file',
  // What Windows says when a program has opened it without sharing it.
  EBUSY: 'another program has locked it',
  EROFS: 'its file system is read-only',
  ELOOP: 'the links on its path lead in a circle',
  ENOSPC: 'its file system is full (ENOSPC)',
  EDQUOT: 'the quota of this user is used up (EDQUOT)',
  EIO: 'its file system fails (EIO)',
  EMFILE: 'this process has no free file descriptor (EMFILE)',
  ENFILE: 'the system has no free file descriptor (ENFILE)',
  ENXIO: 'it is a socket, or a device that is not there',
}

/** Why a file can't be read or written, in words that follow "can't be read: ". */
export function whyFileFails(error: unknown): string {
  return reasons[codeOf(error)] ?? messageOf(error)
}
