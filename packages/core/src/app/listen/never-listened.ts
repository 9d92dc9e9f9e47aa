import { LaunchError } from '../../errors/launch-error.ts'
import type { AppPort } from '../../plan/launch-plan.ts'
import { listeningSockets } from '../../platform/program/listening-sockets.ts'
import { within } from '../../platform/system/within.ts'
import type { AskedAddress } from './asked-listen.ts'

/** The primary waits a little longer than a worker does, and then ends it. */
const longestLookMs = 1_000

interface OfProcess {
  /** Where the app may listen by itself. */
  readonly ports: readonly AppPort[]
  /** Ports of the launcher itself. */
  readonly boundPorts: readonly number[]
  /** Whether what listens at this address may be a port of the app that was opened elsewhere. */
  readonly isMoved: (host: string) => boolean
  /** For messages. Handed in, since each worker has that code already. */
  readonly placeOf: (address: AskedAddress) => string
}

/** A server that is open, and not one of HTTP. */
interface OtherServer {
  readonly port: number | null
  /** For messages. */
  readonly text: string
}

/** For a program that was waited for until it listens. It exports nothing that can be served either. */
export async function neverListened(
  where: string,
  {
    does,
    bootMs,
    busyWith,
    open,
    around,
  }: {
    /** What the program does instead. */
    readonly does: string
    readonly bootMs: number
    readonly busyWith: readonly string[]
    readonly open: readonly OtherServer[]
    /** To look at all that listens in this process; `null`: what listens there may be of another program. */
    readonly around: OfProcess | null
  },
): Promise<LaunchError> {
  const things = new Set(busyWith.map((resource) => resourceNames[resource] ?? resource))
  const others = around ? await listenersBeside(open, around) : []
  const strange = others.filter(({ isAllowed }) => !isAllowed)
  const allowed = others.filter(({ isAllowed }) => isAllowed)
  const facts = [
    list('It is busy with', [...things]),
    list(
      'It is not an HTTP server that listens',
      open.map(({ text }) => text),
    ),
    list('Something else in its process listens', placesOf(strange)),
    list('It listens at a port of --app-port, which is never served', placesOf(allowed)),
  ]
  return new LaunchError({
    code: 'LOCKSTEP_ERR_BOOT_TIMEOUT',
    message: `${where} ${does}, and no HTTP server of it listened within ${bootMs / 1_000} s.${facts.join('')}`,
    hint: [
      ...(strange.length > 0 ? [inMainThread] : []),
      ...allowed.slice(0, 1).map(({ port }) => `If that is the app, leave --app-port ${port} out. ${noGrpc}`),
      'Raise --boot-timeout, look for what the app waits for before it calls listen(), or export the app.',
    ].join(' '),
  })
}

const inMainThread =
  'If the app listens in a thread, let it listen in the main thread, or start the program with `lockstep exec -- node FILE`.'
const noGrpc = 'Lockstep never serves HTTP/2 without TLS, so it can serve no gRPC.'

interface Listener {
  readonly place: string
  readonly port: number
  readonly isAllowed: boolean
}

function list(what: string, things: readonly string[]): string {
  return things.length === 0 ? '' : ` ${what}: ${things.join(', ')}.`
}

function placesOf(listeners: readonly Listener[]): string[] {
  return listeners.map(({ place }) => place)
}

/** Where this process listens, beside the servers that are known. Empty where the system does not show it in time. */
async function listenersBeside(
  open: readonly OtherServer[],
  { ports, boundPorts, isMoved, placeOf }: OfProcess,
): Promise<readonly Listener[]> {
  const { pid } = process
  const found = await within(listeningSockets({ of: [pid] }), longestLookMs)
  const known = [...boundPorts, ...open.map(({ port }) => port), portOfInspector()]
  return (found === 'late' ? [] : (found ?? [])).flatMap((socket) => {
    if (socket.kind !== 'tcp' || !socket.pids.includes(pid)) return []
    const { host, port } = socket
    if (known.includes(port) || isMoved(host)) return []
    return [
      {
        place: placeOf({ kind: 'tcp', host, port }),
        port,
        isAllowed: ports.some((allowed) => allowed.port === port),
      },
    ]
  })
}

/** V8's inspector, which the user has asked for. */
function portOfInspector(): number | null {
  const url = process.getBuiltinModule('node:inspector').url()
  return url === undefined ? null : Number(new URL(url).port)
}

/** What `process.getActiveResourcesInfo()` reports, for people. */
const resourceNames: Readonly<Record<string, string>> = {
  FSReqCallback: 'a file',
  FSReqPromise: 'a file',
  GetAddrInfoReqWrap: 'a DNS lookup',
  MessagePort: 'a thread',
  PipeWrap: 'a pipe',
  ProcessWrap: 'a child process',
  TCPConnectWrap: 'a connection attempt',
  TCPServerWrap: 'a server of TCP',
  TCPSocketWrap: 'a TCP connection',
  TLSWrap: 'a TLS connection',
  TTYWrap: 'the terminal',
  Timeout: 'a timer',
}
