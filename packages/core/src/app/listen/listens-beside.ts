import { LaunchError } from '../../errors/launch-error.ts'
import { howToAllow } from './app-ports.ts'
import { type AskedAddress, type AskedListen, describeAsked, describeListen } from './asked-listen.ts'

interface Beside {
  readonly where: string
  /** That of the server that listened first. */
  readonly captured: AskedListen | null
  /** Where the user has said that the app is served. */
  readonly servedPorts?: readonly number[]
  readonly isHttp: boolean
}

/** For a server that the plan does not name. It would be neither secured nor drained. */
export function listensBeside(asked: AskedListen, beside: Beside): LaunchError {
  const { where, captured, servedPorts = [], isHttp } = beside
  if (captured && isHttp && isAppInstead(asked, { captured, servedPorts }))
    return listensFirst(captured, { where, named: asked })
  const other = captured || isHttp ? 'another server' : 'a server'
  const place = captured
    ? `, beside the one that is served at ${named(captured)}`
    : isHttp
      ? ''
      : ', which is not an HTTP server'
  return new LaunchError({
    code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
    message: `${where} lets ${other} listen at ${named(asked)}${place}. Lockstep would neither secure nor drain ${describeAsked(asked.address)}.`,
    hint: choices(asked, beside),
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
    hint: `To serve ${describeAsked(app.address)}, and let the app open ${describeAsked(first.address)} by itself, ${howToAllow(first.address, app.address)}.`,
  })
}

function isAt({ address }: AskedListen, ports: readonly number[]): boolean {
  return address.kind === 'tcp' && ports.includes(address.port)
}

/** A port of `--app-port` is the one that is not served. */
function choices({ address }: AskedListen, { captured, isHttp }: Beside): string {
  const other = describeAsked(address)
  if (!captured && isHttp)
    return `To let the app open ${other} by itself, ${howToAllow(address)}. Or leave one of them out. ${twice}`
  if (!captured)
    return `To let the app open ${other} by itself, beside what is served, ${howToAllow(address)}. Lockstep serves HTTP: a program that has only a server of another protocol cannot be served.`
  const served = captured.address
  const first = `To serve ${describeAsked(served)}, and let the app open ${other} by itself, ${howToAllow(address, served)}.`
  if (!isHttp) return `${first} Or leave the other one out.`
  const second = served.kind === 'tcp' ? ` To serve ${other} instead, ${howToAllow(served, address)}.` : ''
  const port = portOfEvery(served)
  const otherwise =
    port > 0 && port === portOfEvery(address)
      ? `, and let the other one serve IPv4 and IPv6 by listen(${port}).`
      : `. ${twice}`
  return `${first}${second} Or leave one of them out${otherwise}`
}

/** The port at every interface, of IPv4 or of IPv6; else 0. */
function portOfEvery(address: AskedAddress): number {
  return address.kind === 'tcp' && [null, '::', '0.0.0.0'].includes(address.host) ? address.port : 0
}

const twice = 'Use --bind twice to serve the app at two addresses.'
