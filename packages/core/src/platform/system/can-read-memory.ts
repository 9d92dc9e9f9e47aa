import { codeOf } from '../../errors/thrown.ts'

/** Whether the system says how much memory a process holds. Linux does so in /proc, which a chroot or a sandbox may lack. */
export function canReadMemory(): boolean {
  try {
    process.memoryUsage.rss()
    return true
  } catch (error) {
    return isOutOfDescriptors(error)
  }
}

export function isOutOfDescriptors(error: unknown): boolean {
  return ['EMFILE', 'ENFILE'].includes(codeOf(error))
}
