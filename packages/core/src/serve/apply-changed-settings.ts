import type { Http2Server } from 'node:http2'
import { judgeSettings, withAppValues } from '../app/contract/judge-settings.ts'
import type { FoundSetting } from '../app/contract/read-settings.ts'
import { LaunchError, throwFaults } from '../errors/launch-error.ts'
import { timeoutsOf } from './create-http-server.ts'
import type { ServerParts } from './server-parts.ts'

/** What is built into a server when it is made. */
const fixed: readonly string[] = ['connectionsCheckingInterval', 'requireHostHeader']
/** The same for one of HTTP/2 only. */
const fixedOverHttp2: readonly string[] = ['maxHeaderSize', 'maxHeadersCount']

/**
 * Applies settings that the app has changed on its server after it was made, as in or after the callback of `listen()`. As in Node, most
 * hold for connections that come from now on. Throws a `LaunchError` for those that can't be honoured, and then applies none.
 */
export function applyChangedSettings(
  changed: readonly FoundSetting[],
  {
    plan,
    http1,
    http2,
    http2Connections,
    log,
    isNews,
  }: ServerParts & {
    http2: Http2Server | null
    /** Unset: the log has said already that the app changes them while it serves. */
    isNews: boolean
  },
): void {
  if (changed.length === 0) return
  const where = plan.app.kind === 'module' ? plan.app.file : 'the app'
  const late = changed.find(
    ({ name }) => fixed.includes(name) || (http2 !== null && fixedOverHttp2.includes(name)),
  )
  if (late)
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_APP_SERVER_SETTING',
      message: `The server of ${where} sets ${late.name} once it listens, when it can no longer be changed.`,
      hint: 'Set it before listen() is called.',
    })
  const { faults, values, applied, overridden } = judgeSettings(changed, { plan, where })
  throwFaults(faults)
  const { timeouts, limits } = withAppValues(plan, values)
  // What serves looks at these two each time: they are of this server alone (`planWithServer()`).
  Object.assign(plan.timeouts, timeouts)
  Object.assign(plan.limits, limits)
  Object.assign(http1, timeoutsOf(timeouts), { maxHeaderSize: limits.headerBytes })
  for (const { key, value, answer } of changed)
    if (answer?.into === 'server') Object.assign(http1, { [key]: value })
  http2?.setTimeout(http1.timeout)
  http2Connections.requests = http1.maxRequestsPerSocket ?? 0
  const tell = isNews ? log.info : log.debug
  if (Object.keys(applied).length > 0) tell('changed settings of the server of the app are used', applied)
  if (overridden.length > 0)
    tell('changed settings of the server of the app are overridden by options', {
      settings: overridden.join(', '),
    })
}
