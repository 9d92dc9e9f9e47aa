import { LaunchError } from '../../errors/launch-error.ts'
import { flagOfAppPort } from './app-ports.ts'
import { type AskedListen, describeAsked, describeListen } from './asked-listen.ts'

/** For a server that the plan does not name. It would be neither secured nor drained. */
export function listensBeside(
  asked: AskedListen,
  {
    where,
    captured,
    servedPorts = [],
  }: {
    where: string
    /** That of the server that listened first. */
    captured: AskedListen | null
    /** Where the user has said that the app is served. */
    servedPorts?: readonly number[]
  },
): LaunchError {
  if (captured && isAppInstead(asked, { captured, servedPorts }))
    return listensFirst(captured, { where, named: asked })
  const beside = captured ? `, beside the one that is served at ${named(captured)}` : ''
  return new LaunchError({
    code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
    message: `${where} lets another server listen at ${named(asked)}${beside}. Lockstep would neither secure nor drain ${describeAsked(asked.address)}.`,
    hint: `${choices(asked, captured)} Or leave one of them out. Use --bind twice to serve the app at two addresses.`,
  })
}

function named(asked: AskedListen): string {
  return `${describeAsked(asked.address)} (${describeListen(asked)})`
}

/** Whether this one is the app by the word of the user, and not the one that listened first. */
export function isAppInstead(
  asked: AskedListen,
  { captured, servedPorts }: { captured: AskedListen; servedPorts: readonly number[] },
): boolean {
  return isAt(asked, servedPorts) && !isAt(captured, servedPorts)
}

function listensFirst(
  first: AskedListen,
  { where, named: app }: { where: string; named: AskedListen },
): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
    message: `${where} lets two servers listen. The one at ${named(app)} asks for the port that is set for the app, but the one at ${named(first)} listened first, and would be served there.`,
    hint: `To serve ${describeAsked(app.address)}, and let the app open ${describeAsked(first.address)} by itself, use ${allow(first)}.`,
  })
}

function isAt({ address }: AskedListen, ports: readonly number[]): boolean {
  return address.kind === 'tcp' && ports.includes(address.port)
}

/** A port of `--app-port` is the one that is not served. */
function choices(asked: AskedListen, captured: AskedListen | null): string {
  const other = describeAsked(asked.address)
  if (!captured) return `To let the app open ${other} by itself, use ${allow(asked)}.`
  const served = describeAsked(captured.address)
  const first = `To serve ${served}, and let the app open ${other} by itself, use ${allow(asked)}.`
  return captured.address.kind === 'tcp'
    ? `${first} To serve ${other} instead, use ${allow(captured)}.`
    : first
}

function allow({ address }: AskedListen): string {
  return flagOfAppPort(address.kind === 'tcp' && address.port > 0 ? address.port : null)
}
