import { LaunchError } from '../../errors/launch-error.ts'
import { type AskedListen, describeAsked, describeListen } from './asked-listen.ts'

/** For a server that the plan does not name. It would be neither secured nor drained. */
export function listensBeside(
  asked: AskedListen,
  { where, captured }: { where: string; captured: AskedListen | null },
): LaunchError {
  const { address } = asked
  const served = captured ? `, beside the one that is served (${describeListen(captured)})` : ''
  const port = address.kind === 'tcp' && address.port > 0 ? String(address.port) : 'PORT'
  return new LaunchError({
    code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
    message: `${where} lets another server listen (${describeListen(asked)})${served}. Lockstep would neither secure nor drain ${describeAsked(address)}.`,
    hint: `Leave it out. Or allow it with --app-port ${port} and --backend single${captured ? '; the other one is then served' : ''}. Use --bind twice to serve the app at two addresses.`,
  })
}
