import type { Debugger } from 'node:inspector'
import type { Session } from 'node:inspector/promises'
import { within } from '../system/within.ts'

/** How long the main thread may take to reach a point where it can be looked at: native code has none. */
const reachMs = 1_000
const deepest = 30
const ownFolder = new URL('.', import.meta.url).href

/**
 * What the main thread of this process executes, innermost call first; empty when that is nothing of the app. To be called in another
 * thread, which also works while the main thread blocks: V8 interrupts it. `null` when it runs native code for longer than a second.
 */
export async function stackOfMainThread(): Promise<readonly string[] | null> {
  // Read when it is asked for: every thread of ours starts with this file, and few are asked.
  const inspector = process.getBuiltinModule('node:inspector/promises')
  const session = new inspector.Session()
  session.connectToMainThread()
  try {
    const seen = await within(look(session), reachMs)
    return seen === 'late' ? null : seen
  } finally {
    session.disconnect()
  }
}

async function look(session: Session): Promise<readonly string[]> {
  const files = new Map<string, string>()
  session.on('Debugger.scriptParsed', ({ params }) => void files.set(params.scriptId, params.url))
  const paused = new Promise<readonly Debugger.CallFrame[]>((resolve) => {
    session.once('Debugger.paused', ({ params }) => resolve(params.callFrames))
  })
  await session.post('Debugger.enable')
  await session.post('Debugger.pause')
  // A thread that waits for events would pause only at its next one; so it gets something to execute, which has no file.
  session.post('Runtime.evaluate', { expression: '0' }).catch(() => undefined)
  const frames = await paused
  // Between two requests there is only what Node and we do, such as a heartbeat.
  const isOfApp = ({ location }: Debugger.CallFrame): boolean =>
    !/^(node:|$)/.test(files.get(location.scriptId) ?? '') &&
    !files.get(location.scriptId)?.startsWith(ownFolder)
  return frames.some(isOfApp) ? frames.flatMap((frame) => describe(frame, files)).slice(0, deepest) : []
}

/** Nothing for what has no file: that is what it was given to execute. */
function describe(
  { functionName, location }: Debugger.CallFrame,
  files: ReadonlyMap<string, string>,
): string[] {
  const file = files.get(location.scriptId) ?? ''
  if (file === '') return []
  const place = `${file}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`
  return [functionName === '' ? place : `${functionName} (${place})`]
}
