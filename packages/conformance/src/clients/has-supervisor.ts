import type { Subject } from '../subject/subject.ts'

/** Whether the number of workers can be changed while the server runs: a backend may have no `supervisor`. */
export async function hasSupervisor(subject: Subject, workers: number): Promise<boolean> {
  return (await subject.scale(String(workers))).code !== 'LOCKSTEP_ERR_NO_WORKERS'
}
