import { threadId } from 'node:worker_threads'

/** What the apps of the suite say of the worker that answers: threads of one process differ too. */
export const workerIdentity = { pid: process.pid, worker: `${process.pid}/${threadId}` } as const
