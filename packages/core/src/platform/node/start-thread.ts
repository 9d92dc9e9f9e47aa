import { Worker } from 'node:worker_threads'
import { deleteVariables } from '../system/variable-names.ts'

/**
 * Starts a small thread of our own beside the app. It gets none of the flags of this process and no `NODE_OPTIONS`: the modules that
 * those preload (compilers, agents) are for the app, and need more memory than such a thread has. `onFailure` is called when the
 * thread can't be started, which returns `null`, or ends by an error; the process itself goes on.
 */
export function startThread(
  entry: URL,
  { data, heapMb, onFailure }: { data: object; heapMb: number; onFailure: (error: unknown) => void },
): Worker | null {
  const env = { ...process.env }
  deleteVariables(env, ['NODE_OPTIONS'])
  try {
    const thread = new Worker(entry, {
      workerData: data,
      stdin: false,
      execArgv: [],
      env,
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    })
    thread.on('error', onFailure)
    thread.unref()
    return thread
  } catch (error) {
    onFailure(error)
    return null
  }
}
