import { LaunchError } from '../../errors/launch-error.ts'
import { flagOfAppPort } from './app-ports.ts'
import { type AskedListen, describeAsked, describeListen } from './asked-listen.ts'

/** For a server that the plan does not name. It would be neither secured nor drained. */
export function listensBeside(
  asked: AskedListen,
  { where, captured }: { where: string; captured: AskedListen | null },
): LaunchError {
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
