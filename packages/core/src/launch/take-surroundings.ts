import { offerControl } from '../control/offer-control.ts'
import { holdLogFile } from '../log/hold-log-file.ts'
import type { ServiceVariables } from '../options/sources/environment/service-variables.ts'
import { writePidFile } from '../platform/files/pid-file.ts'
import { rememberSockets } from '../platform/net/inherited-socket.ts'
import { applyProcessSettings } from '../platform/process/process-settings.ts'
import { consumeVariables } from '../platform/system/consume-variables.ts'
import type { DisposableStack } from '../platform/system/disposable-stack.ts'
import { managerVariableNames, socketVariableNames } from '../platform/system/service-variable-names.ts'
import type { BegunLaunch } from './begin-launch.ts'
import type { LaunchHandle } from './launch-handle.ts'

/**
 * Changes the surroundings of a launch before anything is bound: the settings and variables of the process, the PID file, the access log and
 * the control socket. `changes` undoes it, and waits for nothing, so an `exit` listener can dispose of it too.
 */
export async function takeSurroundings(
  { plan, prepared, log }: BegunLaunch,
  {
    changes,
    control,
    handle,
  }: {
    changes: DisposableStack
    control: boolean
    /** For the verbs, from the moment when there is one. */
    handle: () => LaunchHandle | undefined
  },
): Promise<void> {
  changes.use(applyProcessSettings(plan))
  if (prepared.service.isSet) takeServiceVariables(prepared.service, changes)
  if (plan.pidFile !== null) {
    const pidFile = writePidFile(plan.pidFile)
    changes.defer(() => pidFile.remove())
  }
  changes.use(holdLogFile(plan.accessLog?.file ?? null))
  const wanted = plan.control ?? (control ? 'if-possible' : false)
  const controlServer = await offerControl(handle, { wanted, runAs: plan.runAs, log })
  changes.defer(() => controlServer.close())
}

/** Puts the variables of sockets back only while these are open: a later launch of this process would take other files for them. */
function takeServiceVariables({ sockets }: ServiceVariables, changes: DisposableStack): void {
  const remembered = rememberSockets(sockets.map(({ fd }) => fd))
  const ofSockets = consumeVariables(socketVariableNames)
  changes.defer(() => {
    if (remembered.areOpen()) ofSockets[Symbol.dispose]()
  })
  changes.use(consumeVariables(managerVariableNames))
}
