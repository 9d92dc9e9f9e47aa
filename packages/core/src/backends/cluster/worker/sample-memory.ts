import { isOutOfDescriptors } from '../../../platform/system/can-read-memory.ts'
import type { MemorySample } from '../policy/recycle-policy.ts'

/** `null` when this process has no free descriptor, which reading takes on Linux: the app may have used up all of them. */
export function sampleMemory(read: () => NodeJS.MemoryUsage = process.memoryUsage): MemorySample | null {
  try {
    const { rss, heapUsed } = read()
    return { rssBytes: rss, heapBytes: heapUsed }
  } catch (error) {
    if (isOutOfDescriptors(error)) return null
    // Linux reads the resident memory from /proc, which a chroot or a sandbox may lack. V8 knows its heap by itself.
    const { used_heap_size: heapBytes } = process.getBuiltinModule('node:v8').getHeapStatistics()
    return { rssBytes: null, heapBytes }
  }
}
