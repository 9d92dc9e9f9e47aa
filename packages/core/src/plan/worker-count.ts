import { availableCpus } from '../platform/system/available-cpus.ts'

/** What `auto` means here and now. */
export function workerCount(workers: number | 'auto'): number {
  return workers === 'auto' ? availableCpus() : workers
}
