import type { Fault } from '../../errors/launch-error.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import type { FoundSetting } from './read-settings.ts'
import { type SettableByApp, settableByApp, settingNames } from './server-settings.ts'

/** What the settings of an app's server come to under a plan. */
export interface JudgedSettings {
  readonly faults: readonly Fault[]
  /** Values of options that the user has not set, in the units of the plan. */
  readonly values: { readonly [Name in SettableByApp]?: number }
  /** The same for people, and what the user has set instead of the app. */
  readonly applied: { readonly [setting: string]: number }
  readonly overridden: readonly string[]
}

/** Honours each setting or finds the fault of it. Nothing is dropped. */
export function judgeSettings(
  settings: readonly FoundSetting[],
  { plan, where }: { plan: LaunchPlan; where: string },
): JudgedSettings {
  const faults: Fault[] = []
  const values: { [Name in SettableByApp]?: number } = {}
  const applied: { [setting: string]: number } = {}
  const overridden: string[] = []
  const speaksHttp2 = plan.tls !== null && plan.https.protocols.includes('h2')
  for (const { name, value, answer } of settings) {
    const setting = settingNames[name] ?? name
    const refuse = (reason: string, hint: string): void => {
      faults.push({
        code: 'LOCKSTEP_ERR_APP_SERVER_SETTING',
        message: `The server of ${where} sets ${setting}, which cannot be honoured: ${reason}.`,
        hint,
      })
    }
    if (answer === null) refuse('this version of Lockstep does not know it', 'Leave it out.')
    else if (answer.into === 'refused') refuse(answer.reason, answer.cure)
    else if (answer.into === 'server' && answer.notOverHttp2 !== undefined && speaksHttp2)
      refuse(answer.notOverHttp2, 'Leave it out, or serve HTTP/1.1 alone: --tls-protocols http/1.1.')
    else if (answer.into === 'server' && answer.type !== undefined && !isOfType(value, answer.type))
      refuse(`it is not a ${answer.type}`, 'Correct it, or leave it out.')
    else if (answer.into === 'server' && answer.lenient !== undefined && value === answer.lenient)
      refuse(
        'requests that break RFC 9112 would reach the app, and a proxy in front may read them differently',
        'Leave it out.',
      )
    else if (answer.into === 'option') {
      const { option, none } = answer
      const flag = settableByApp[option]
      if (plan.userSet.includes(option)) overridden.push(setting)
      else if (typeof value !== 'number' || Number.isNaN(value) || value < 0)
        refuse('it is not a number from 0 on', `Set it as a number, or with ${flag}.`)
      else if (value === 0 && none === undefined)
        refuse('no client could ever be served', `Leave it out, or set ${flag}.`)
      else {
        values[option] = value === 0 || value === Number.POSITIVE_INFINITY ? (none ?? value) : value
        applied[setting] = value
      }
    }
  }
  return { faults, values, applied, overridden }
}

function isOfType(value: unknown, type: 'number' | 'function'): boolean {
  return type === 'number'
    ? typeof value === 'number' && Number.isFinite(value) && value >= 0
    : typeof value === 'function'
}

/** A plan with the values that its app sets. */
export function withAppValues(plan: LaunchPlan, values: JudgedSettings['values']): LaunchPlan {
  const { timeouts, limits } = plan
  return {
    ...plan,
    timeouts: {
      ...timeouts,
      keepAliveMs: values['timeouts.keepAlive'] ?? timeouts.keepAliveMs,
      headersMs: values['timeouts.headers'] ?? timeouts.headersMs,
      requestMs: values['timeouts.request'] ?? timeouts.requestMs,
    },
    limits: {
      ...limits,
      headerBytes: values['limits.headerBytes'] ?? limits.headerBytes,
      headerCount: values['limits.headerCount'] ?? limits.headerCount,
      connections: values['limits.connections'] ?? limits.connections,
    },
  }
}
