/** A piece of what a worker has written. It may end in the middle of a line. */
export interface WorkerOutput {
  readonly worker: number
  readonly pid: number
  readonly stream: 'stdout' | 'stderr'
  readonly data: Uint8Array
}

export type WorkerOutputListener = (output: WorkerOutput) => void
