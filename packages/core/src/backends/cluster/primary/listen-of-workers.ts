import { type ListenOfApp, listenOfApp, planWithListen } from '../../../app/listen/address-of-app.ts'
import { type AskedListen, describeAsked, describeListen } from '../../../app/listen/asked-listen.ts'
import { asLaunchError } from '../../../errors/as-launch-error.ts'
import { LaunchError } from '../../../errors/launch-error.ts'
import type { LaunchPlan } from '../../../plan/launch-plan.ts'

/** What the apps of the workers ask for by `listen()`. The primary binds it for all of them, so the first one decides. */
export class ListenOfWorkers {
  readonly #plan: LaunchPlan
  #first: { readonly worker: number; readonly asked: AskedListen | null; readonly plan: LaunchPlan } | null =
    null

  constructor(plan: LaunchPlan) {
    this.#plan = plan
  }

  /** Returns why this worker can't serve beside the others; `null`: it can. */
  judge(worker: number, asked: AskedListen | null): LaunchError | null {
    try {
      const plan = asked ? planWithListen(this.#plan, asked, 'The app') : this.#plan
      const first = this.#first ?? { worker, asked, plan }
      this.#first = first
      if (takesAnyPort(asked) && first.asked?.address.kind === 'tcp') return null
      return JSON.stringify(plan.addresses) === JSON.stringify(first.plan.addresses)
        ? null
        : listensElsewhere(worker, { asked, first })
    } catch (error) {
      return asLaunchError(error)
    }
  }

  planned(): { readonly plan: LaunchPlan; readonly ofApp: ListenOfApp | null } {
    const { asked, plan } = this.#first ?? { asked: null, plan: this.#plan }
    return { plan, ofApp: asked && listenOfApp(plan, asked) }
  }
}

/**
 * `listen(0)`: the port of the other workers is one of those. Programs such as `serve` ask for it in a new worker, since a server answers already at
 * the port that they want.
 */
function takesAnyPort(asked: AskedListen | null): boolean {
  return asked?.address.kind === 'tcp' && asked.address.port === 0
}

function listensElsewhere(
  worker: number,
  { asked, first }: { asked: AskedListen | null; first: { worker: number; asked: AskedListen | null } },
): LaunchError {
  const where = (one: AskedListen | null): string =>
    one
      ? `${describeListen(one)}, which is ${describeAsked(one.address)}`
      : 'no address, since it does not listen'
  return new LaunchError({
    code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
    message: `The app of worker ${worker} asks for ${where(asked)}, but that of worker ${first.worker} for ${where(first.asked)}. All workers serve the same address.`,
    hint: 'Let the app listen at one address in every worker, or set it with --port or --bind. A server that runs takes up another address when it is started again.',
  })
}
