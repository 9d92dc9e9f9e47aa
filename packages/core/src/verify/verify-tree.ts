import type { RunningServer } from '../backends/server-backend.ts'
import { type Fault, LaunchError } from '../errors/launch-error.ts'
import type { AppPort, LaunchPlan } from '../plan/launch-plan.ts'
import { hostInUrl } from '../platform/net/address/host-in-url.ts'
import { ownInspector } from '../platform/node/inspector-ports.ts'
import { startedBy } from '../platform/process/descendants.ts'
import { killTree } from '../platform/process/kill-tree.ts'
import { type ListeningSocket, listeningSockets } from '../platform/program/listening-sockets.ts'

type TcpSocket = Extract<ListeningSocket, { kind: 'tcp' }>

/** What listens already before the app is loaded, as a server that a hook has opened. To be compared with later. */
export async function listenersOfThisProcess(): Promise<readonly string[]> {
  return (await tcpSocketsOf([process.pid])).map(placeOf)
}

/**
 * Looks at all that listens in the processes that serve an app, and in those that they have started. Rejects with `LOCKSTEP_ERR_VERIFY_FAILED`
 * for each port of TCP that neither the plan nor the app's own server names. Where the system does not show who listens, nothing is checked.
 */
export async function verifyTree(
  server: Pick<RunningServer, 'addresses' | 'redirects' | 'workers'>,
  {
    plan,
    ownsProcess,
    before,
  }: {
    plan: LaunchPlan
    /** This process is the launcher's own, and not that of a program which may listen itself. */
    ownsProcess: boolean
    before: readonly string[]
  },
): Promise<void> {
  const serving = server.workers().map(({ pid }) => pid)
  const roots = ownsProcess ? serving : serving.filter((pid) => pid !== process.pid)
  if (plan.app.kind !== 'module' || roots.length === 0) return
  const sockets = await tcpSocketsOf([...roots, ...startedBy(roots)])
  const served = [...server.addresses, ...(server.redirects ?? [])].flatMap((address) =>
    address.kind === 'tcp' ? address.port : [],
  )
  const strange = sockets.filter(
    (socket) =>
      !served.includes(socket.port) &&
      !before.includes(placeOf(socket)) &&
      !plan.appPorts.some((allowed) => isAllowed(socket, allowed)) &&
      !isOfInspector(socket),
  )
  const [first, ...others] = strange.map(fault)
  if (!first) return
  // Under single, what the app has started would outlive the launch that fails.
  const left = new Set(strange.flatMap(({ pids }) => pids).filter((pid) => !roots.includes(pid)))
  await Promise.all([...left].map((pid) => killTree(pid)))
  throw new LaunchError([first, ...others])
}

async function tcpSocketsOf(pids: readonly number[]): Promise<readonly TcpSocket[]> {
  const sockets = (await listeningSockets({ of: pids })) ?? []
  return sockets.filter(
    (socket): socket is TcpSocket => socket.kind === 'tcp' && socket.pids.some((pid) => pids.includes(pid)),
  )
}

function isAllowed({ host, port }: TcpSocket, allowed: AppPort): boolean {
  const everyInterface = ['::', '0.0.0.0']
  const isThere =
    allowed.host === null ||
    allowed.host === 'localhost' ||
    allowed.host === host ||
    (everyInterface.includes(allowed.host) && everyInterface.includes(host))
  return isThere && allowed.port === port
}

/** V8's inspector, which the user has asked for. Each worker has a port of its own, after the first one. */
function isOfInspector({ port }: TcpSocket): boolean {
  const asked = ownInspector()
  return asked !== null && (asked.port === 0 || (port >= asked.port && port < asked.port + mostInspectors))
}

/** As many as there can be workers. */
const mostInspectors = 1_024

function placeOf({ host, port }: TcpSocket): string {
  return `${hostInUrl(host)}:${port}`
}

function fault(socket: TcpSocket): Fault {
  return {
    code: 'LOCKSTEP_ERR_VERIFY_FAILED',
    message: `Process ${socket.pids.join(', ')} of the app listens at ${placeOf(socket)}, which the plan does not name. Nothing was announced and the server was stopped.`,
    hint: `Lockstep would neither secure nor drain it. Leave it out, or allow it with --app-port ${socket.port} and --backend single.`,
  }
}
