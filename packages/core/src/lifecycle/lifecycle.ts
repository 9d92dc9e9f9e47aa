/** Where a launch is. */
export const lifecycleStates = ['starting', 'ready', 'reloading', 'draining', 'stopped', 'failed'] as const
export type LifecycleState = (typeof lifecycleStates)[number]

/** What a user, a signal or a verb wants. */
export const intents = ['reload', 'scale', 'restart', 'stop'] as const
export type Intent = (typeof intents)[number]

/** What the launch says of itself. */
export const reports = ['started', 'reloaded', 'ended', 'broke'] as const
export type Report = (typeof reports)[number]

/** What is done about an intent or a report. */
export interface Answer {
  readonly next: LifecycleState
  readonly does: /** It is carried out. */
    | 'act'
    /** It is carried out once what is under way has ended. */
    | 'wait'
    /** What is under way is made more urgent: the first time it hurries, the second time it kills. */
    | 'escalate'
    /** It is refused with an error. */
    | 'refuse'
    /** It is so already, or too late: nothing happens. */
    | 'nothing'
}

const go = (next: LifecycleState): Answer => ({ next, does: 'act' })
const stay = (next: LifecycleState, does: Exclude<Answer['does'], 'act'>): Answer => ({ next, does })

/** Every intent and every report has an answer in every state. The same for all backends. */
export const lifecycle: Readonly<Record<LifecycleState, Readonly<Record<Intent | Report, Answer>>>> = {
  starting: {
    reload: stay('starting', 'wait'),
    scale: stay('starting', 'refuse'),
    restart: stay('starting', 'refuse'),
    stop: go('draining'),
    started: go('ready'),
    reloaded: stay('starting', 'nothing'),
    ended: go('stopped'),
    broke: go('failed'),
  },
  ready: {
    reload: go('reloading'),
    scale: go('ready'),
    restart: go('ready'),
    stop: go('draining'),
    started: stay('ready', 'nothing'),
    reloaded: stay('ready', 'nothing'),
    ended: go('stopped'),
    broke: go('failed'),
  },
  reloading: {
    reload: stay('reloading', 'wait'),
    scale: stay('reloading', 'wait'),
    restart: stay('reloading', 'wait'),
    stop: go('draining'),
    started: stay('reloading', 'nothing'),
    // Whether it went well or not: after a reload that failed, what was served before stays in use.
    reloaded: go('ready'),
    ended: go('stopped'),
    broke: go('failed'),
  },
  draining: {
    reload: stay('draining', 'refuse'),
    scale: stay('draining', 'refuse'),
    restart: stay('draining', 'refuse'),
    stop: stay('draining', 'escalate'),
    started: stay('draining', 'nothing'),
    reloaded: stay('draining', 'nothing'),
    ended: go('stopped'),
    broke: go('failed'),
  },
  stopped: over('stopped'),
  failed: over('failed'),
}

function over(state: 'stopped' | 'failed'): Readonly<Record<Intent | Report, Answer>> {
  return {
    reload: stay(state, 'refuse'),
    scale: stay(state, 'refuse'),
    restart: stay(state, 'refuse'),
    stop: stay(state, 'nothing'),
    started: stay(state, 'nothing'),
    reloaded: stay(state, 'nothing'),
    ended: stay(state, 'nothing'),
    broke: stay(state, 'nothing'),
  }
}

/** A launch on its way through the table. */
export interface Lifecycle {
  readonly state: LifecycleState
  /** Answers it, and moves on if that is the answer. */
  take(input: Intent | Report): Answer
}

export function createLifecycle(): Lifecycle {
  let state: LifecycleState = 'starting'
  return {
    get state() {
      return state
    },
    take(input) {
      const answer = lifecycle[state][input]
      state = answer.next
      return answer
    },
  }
}
