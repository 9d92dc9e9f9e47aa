import { mayBePrivate } from '../app/listen/open-privately.ts'
import type { RunningServer } from '../backends/server-backend.ts'
import { type Fault, LaunchError } from '../errors/launch-error.ts'
import type { AppPort, LaunchPlan } from '../plan/launch-plan.ts'
import { hostInUrl } from '../platform/net/address/host-in-url.ts'
import { ownInspector } from '../platform/node/inspector-ports.ts'
import { startedBy } from '../platform/process/descendants.ts'
import { killTree } from '../platform/process/kill-tree.ts'
import { type ListeningSocket, listeningSockets } from '../platform/program/listening-sockets.ts'

export type ListeningTcpSocket = Extract<ListeningSocket, { kind: 'tcp' }>

/** The processes that serve, and where. */
export type ServingTree = Pick<RunningServer, 'addresses' | 'redirects' | 'workers'>

export interface AboutTree {
  readonly plan: LaunchPlan
  /** This process is the launcher's own, and not that of a program which may listen itself. */
  readonly ownsProcess: boolean
  /** What listened before the app was loaded. */
  readonly before: readonly string[]
}

/** What listens already before the app is loaded, as a server that a hook has opened. To be compared with later. */
export async function listenersOfThisProcess(): Promise<readonly string[]> {
  return (await tcpSocketsOf([process.pid])).map(placeOf)
}

/**
 * Looks at all that listens in the processes that serve an app, and in those that they have started. Rejects with `LOCKSTEP_ERR_VERIFY_FAILED`
 * for each port of TCP that neither the plan nor the app's own server names. Where the system does not show who listens, nothing is checked.
 */
export async function verifyTree(server: ServingTree, about: AboutTree): Promise<void> {
  const strange = await strangeSockets(server, about)
  const [first, ...others] = strange.map(fault)
  if (!first) return
  // Under single, what the app has started would outlive the launch that fails.
  const roots = rootsOf(server, about)
  const left = new Set(strange.flatMap(({ pids }) => pids).filter((pid) => !roots.includes(pid)))
  await Promise.all([...left].map((pid) => killTree(pid)))
  throw new LaunchError([first, ...others])
}

/** What listens in the processes that serve an app, and in those that they have started, and is named by nothing. */
export async function strangeSockets(
  server: ServingTree,
  about: AboutTree,
): Promise<readonly ListeningTcpSocket[]> {
  const { plan, before } = about
  const roots = rootsOf(server, about)
  if (plan.app.kind !== 'module' || roots.length === 0) return []
  const sockets = await tcpSocketsOf([...roots, ...startedBy(roots)])
  const served = [...server.addresses, ...(server.redirects ?? [])].flatMap((address) =>
    address.kind === 'tcp' ? address.port : [],
  )
  return sockets.filter(
    (socket) =>
      !served.includes(socket.port) &&
      !before.includes(placeOf(socket)) &&
      !plan.appPorts.some((allowed) => isAllowed(socket, allowed)) &&
      !(plan.isRehearsal && plan.appPorts.length > 0 && mayBePrivate(socket.host)) &&
      !isOfInspector(socket),
  )
}

function rootsOf(server: ServingTree, { ownsProcess }: AboutTree): readonly number[] {
  const serving = server.workers().map(({ pid }) => pid)
  return ownsProcess ? serving : serving.filter((pid) => pid !== process.pid)
}

async function tcpSocketsOf(pids: readonly number[]): Promise<readonly ListeningTcpSocket[]> {
  const sockets = (await listeningSockets({ of: pids })) ?? []
  return sockets.filter(
    (socket): socket is ListeningTcpSocket =>
      socket.kind === 'tcp' && socket.pids.some((pid) => pids.includes(pid)),
  )
}

function isAllowed({ host, port }: ListeningTcpSocket, allowed: AppPort): boolean {
  const everyInterface = ['::', '0.0.0.0']
  const isThere =
    allowed.host === null ||
    allowed.host === 'localhost' ||
    allowed.host === host ||
    (everyInterface.includes(allowed.host) && everyInterface.includes(host))
  return isThere && allowed.port === port
}

/** V8's inspector, which the user has asked for. Each worker has a port of its own, after the first one. */
function isOfInspector({ port }: ListeningTcpSocket): boolean {
  const asked = ownInspector()
  return asked !== null && (asked.port === 0 || (port >= asked.port && port < asked.port + mostInspectors))
}

/** As many as there can be workers. */
const mostInspectors = 1_024

export function placeOf({ host, port }: ListeningTcpSocket): string {
  return `${hostInUrl(host)}:${port}`
}

function fault(socket: ListeningTcpSocket): Fault {
  return {
    code: 'LOCKSTEP_ERR_VERIFY_FAILED',
    message: `Process ${socket.pids.join(', ')} of the app listens at ${placeOf(socket)}, which the plan does not name. Nothing was announced and the server was stopped.`,
    hint: `Lockstep would neither secure nor drain it. Leave it out, or allow it with --app-port ${socket.port} and --backend single.`,
  }
}
