import { LaunchError } from '../../errors/launch-error.ts'
import { fromCaptured } from '../recognise-app.ts'
import type { ServedApp } from '../served-app.ts'
import { flagOfAppPort } from './app-ports.ts'
import { describeAsked, describeListen } from './asked-listen.ts'
import { awaitListen, type BusyWith } from './await-listen.ts'
import type { CapturedServer } from './captured-server.ts'
import type { ListenWatch } from './intercept-listen.ts'
import { isOtherApp } from './same-app.ts'

/** The module exports nothing that can be served. */
const exportsNothing: readonly string[] = ['LOCKSTEP_ERR_APP_EXPORT_MISSING', 'LOCKSTEP_ERR_APP_UNRECOGNISED']

/**
 * Boots a module until there is an app: what it exports, or the server that it lets listen, whichever comes first. A module may do both, if
 * both are the same app. One that exports nothing is waited for until it listens.
 */
export async function bootProgram({
  load,
  exported,
  where,
  watch,
  mayWait,
  onFailedLater,
  ...waiting
}: {
  /** Imports the module and makes an app of its export. Resolves with `null` for one that listens and exports no other app. */
  load: () => Promise<ServedApp | null>
  /** The app that the module exports, or that its factory has returned, as far as it is known by now. */
  exported: () => unknown
  where: string
  watch: ListenWatch
  /** The user has not said what the app is, so a program that exports nothing may listen later. */
  mayWait: boolean
  /** The module has failed after its server was captured. */
  onFailedLater: (error: unknown) => void
  busyWith: BusyWith
  letIdle: (() => Disposable) | null
  /** From now on the program is waited for. */
  onWaiting: () => void
}): Promise<ServedApp> {
  const loading = watch.run(load)
  const outcome = await Promise.race([
    loading.then(
      (app) => ({ app, error: null }),
      (error: unknown) => ({ app: null, error }),
    ),
    watch.captured.then(afterItsTurn),
    watch.refused,
  ])
  const isFit = (error: unknown): boolean =>
    error === null || (error instanceof LaunchError && exportsNothing.includes(error.code))
  const captured = watch.current()
  if (captured)
    refuseOtherApp(exported(), captured, {
      where,
      isServable: outcome !== 'captured' && outcome.app !== null,
    })
  if (outcome === 'captured')
    loading
      .then((app) => {
        if (captured) refuseOtherApp(exported(), captured, { where, isServable: app !== null })
      })
      .catch((error: unknown) => isFit(error) || onFailedLater(error))
  else if (!isFit(outcome.error)) throw outcome.error
  else if (!captured && outcome.app) return outcome.app
  if (captured) return ofServer(captured, outcome === 'captured' ? null : outcome.app)
  const { error } = outcome as { error: unknown }
  if (!mayWait) throw error
  waiting.onWaiting()
  const server = await awaitListen(watch, waiting)
  if (server) return ofServer(server, null)
  throw error
}

/** The listener of `listening` may be what the module waits for in order to end its evaluation. */
async function afterItsTurn(): Promise<'captured'> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  return 'captured'
}

/** What the exported app has beside its handler stays: it is the same app. */
function ofServer(captured: CapturedServer, exported: ServedApp | null): ServedApp {
  if (captured.isClosing) throw closedEarly(captured)
  const { drain, close } = exported ?? {}
  const app = fromCaptured(captured)
  return {
    ...app,
    ...(exported && app.kind === 'http.Server' && { kind: exported.kind }),
    ...(drain && { drain }),
    ...(close && { close }),
  }
}

/** Throws when a module exports one app, and lets the server of another one listen. */
export function refuseOtherApp(
  exported: unknown,
  captured: CapturedServer,
  {
    where,
    isServable = false,
  }: {
    where: string
    /** It has been recognised as an app, whatever it looks like. */
    isServable?: boolean
  },
): void {
  if (!isOtherApp(exported, captured.server, { isServable })) return
  const { asked } = captured
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
    message: `${where} exports an app, and lets another HTTP server listen (${describeListen(asked)}): which of them is the app can't be seen.`,
    hint: `Leave one of them out. A server at ${describeAsked(asked.address)} beside the app would be neither secured nor drained; ${flagOfAppPort(null)} allows it.`,
  })
}

function closedEarly({ asked }: CapturedServer): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
    message: `The app closes its server (${describeListen(asked)}) before it has served.`,
    hint: 'Let the server listen once, when the app is ready.',
  })
}
