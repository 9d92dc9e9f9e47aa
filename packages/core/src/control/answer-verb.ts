import type { ServerResponse } from 'node:http'
import { asLaunchError } from '../errors/as-launch-error.ts'
import { hintWithoutStack } from '../errors/stack-hint.ts'
import type { LaunchHandle } from '../launch/launch-handle.ts'
import { controlLimits } from './control-limits.ts'
import { controlRequests, progressTypes, type VerbName } from './control-messages.ts'

/** What each verb does with a launch. */
const verbs: Readonly<
  Record<VerbName, (handle: LaunchHandle, given: URLSearchParams) => unknown | Promise<unknown>>
> = {
  status: (handle) => handle.status(),
  reload: (handle, given) =>
    handle.reload({ cause: 'verb', scope: given.get('scope') === 'tls' ? 'tls' : 'all' }),
  scale: async (handle, given) => ({
    workers: await handle.scale((given.get('workers') ?? '') as `+${number}`),
  }),
  async restart(handle, given) {
    const worker = Number(given.get('worker'))
    await handle.restart(worker)
    return { worker }
  },
  stacks: (handle) => handle.stacks(),
  'reopen-logs': (handle) => handle.reopenLogs(),
  async stop(handle, given) {
    await (given.has('force') ? handle.stop({ force: true }) : handle.escalateStop())
    return null
  },
}

export function verbOf(method: string | undefined, path: string): VerbName | null {
  const found = Object.entries(controlRequests).find(
    ([, request]) => request.method === method && request.path === path,
  )
  return found ? (found[0] as VerbName) : null
}

/** Carries a verb out and writes what comes of it, line by line. */
export async function answerVerb(
  verb: VerbName,
  { handle, given, response }: { handle: LaunchHandle; given: URLSearchParams; response: ServerResponse },
): Promise<void> {
  // The client may have gone: its verb is carried out all the same.
  response.on('error', () => undefined)
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' }).flushHeaders()
  const write = (line: object): void => {
    if (response.writableLength > controlLimits.unreadBytes) response.destroy()
    if (!response.destroyed) response.write(`${JSON.stringify(line)}\n`)
  }
  const unlisten = progressTypes.map((type) => handle.on(type, (progress) => write({ progress })))
  try {
    write({ result: await verbs[verb](handle, given) })
  } catch (error) {
    const { faults } = asLaunchError(error)
    write({
      faults: faults.map(({ cause, ...fault }) => ({
        ...fault,
        hint: hintWithoutStack({ ...fault, cause }),
      })),
    })
  } finally {
    for (const off of unlisten) off()
    response.end()
  }
}
