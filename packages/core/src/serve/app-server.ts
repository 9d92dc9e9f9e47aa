import type { Socket } from 'node:net'
import type { SecretLineFile } from '../platform/files/secret-line-file.ts'
import type { BoundAddress } from '../platform/net/address/bound-address.ts'
import { isOwnProbe } from '../tls/context/own-probes.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'
import { admitConnections } from './connections/admit.ts'
import { drainServer } from './connections/drain-server.ts'
import { watchStalled } from './connections/watch-stalled.ts'
import { showClientOfTls } from './proxy-protocol/announced-source.ts'
import { proxyHeaderDemand } from './proxy-protocol/demand-proxy-header.ts'
import type { RedirectServer } from './redirect/create-redirect-server.ts'
import { serveRedirects } from './redirect/serve-redirects.ts'
import { openKeylog, reopenLogs } from './request-logs.ts'
import { markPassed } from './request-router.ts'
import { type HttpServers, serveHttp } from './serve-http.ts'
import { serveRequests } from './serve-requests.ts'
import type { ServedCounts } from './served-counts.ts'
import { createServerParts, type ServerParts, type ServerRequest } from './server-parts.ts'
import { PlainHttpAnswer } from './tls/plain-http-answer.ts'
import type { RefusedClient } from './tls/refused-clients.ts'
import { createTlsFront, type StagedTls, type TlsFront } from './tls/tls-front.ts'

/** Serves an app on connections that are handed in. */
export interface AppServer {
  accept(socket: Socket): void
  /** Connections are accepted on these addresses from now on: for an app whose server waits for it. May be called again. */
  opened(addresses: readonly BoundAddress[]): void
  /** Takes a connection of plain HTTP that is only sent on to HTTPS, on this port. No app sees it. */
  redirect(socket: Socket, to: { readonly httpsPort: number }): void
  /**
   * Serves a connection on which another process of this server passes on requests of one client, over plain HTTP/1.1. The socket shows that client already. `false`:
   * the server has drained, and the connection was not touched.
   */
  acceptPassed(socket: Socket): boolean
  /**
   * Builds a new TLS snapshot; `commit()` puts it to use for new connections. Throws when it can't be built, or when the plan
   * has no TLS: the scheme of a server does not change while it runs.
   */
  prepareTls(tls: PlannedTls): StagedTls
  /** The server as a whole is about to stop: `health.ready` says 503 from now on. Everything else goes on. */
  announceStop(): void
  /**
   * Lets requests in flight end, ends in order what has no end of its own (event streams, WebSockets), asks
   * clients to close (`Connection: close`, RFC 9112 section 9.6), and cuts what is left after `deadlineMs`. Then the app is closed and the access log written. Nothing may be handed in after `lastTaken`.
   */
  drain(options: {
    readonly deadlineMs: number
    /** Resolves once nothing more is handed in; unset, that is so already. */
    readonly lastTaken?: Promise<void>
  }): Promise<{ readonly cut: number }>
  /** Opens the access log and the key log again. Rejects with a `LaunchError` for those that can't be opened. */
  reopenLogs(): Promise<void>
  /** What it has served so far. */
  counts(): ServedCounts
  /** Closes every connection at once, whatever is in flight. A drain that is under way then ends. */
  cut(): void
}

/** The only code that opens an HTTP(S) server: every backend of ours serves through it, so that TLS is the same by construction. */
export function createAppServer({
  onClientRefused,
  ...asked
}: ServerRequest & {
  /** A client was refused for its certificate. */
  readonly onClientRefused?: (client: RefusedClient) => void
}): AppServer {
  const parts = createServerParts(asked)
  const { plan, log, open, phase, served, tune, onSocketError } = parts
  const requests = serveRequests(parts)
  const http = serveHttp(parts, requests)
  const { serveHttp1, events } = http
  const redirects = serveRedirects(parts, requests)
  const { keylogFile } = plan.https
  const keylog = plan.tls && keylogFile !== null ? openKeylog(keylogFile, log) : null
  const front = secureConnections(parts, { http, keylog, onClientRefused })
  const admit = admitConnections(parts, events)
  const demand = proxyHeaderDemand({
    plan,
    log,
    onRefused() {
      served.refusedConnections += 1
    },
  })
  const serve = (socket: Socket): void => {
    if (front) front.accept(socket)
    else {
      serveHttp1(socket)
      events?.connected(socket, { isSecured: false })
    }
  }
  const http1 = [parts.http1, redirects.server]
  const stalled = watchStalled({ open, http1, timeouts: plan.timeouts, log })
  const lines = parts.accessLog?.lines ?? null
  let isOpened = false
  const opened = (addresses: readonly BoundAddress[]): void => {
    isOpened = true
    asked.app.listening?.opening()
    events?.opened(addresses)
    asked.app.listening?.opened(addresses)
  }
  return {
    accept(socket) {
      if (!admit(socket, { isSecured: front !== null })) return
      // Under round-robin no worker listens, and the first connection shows where the server does.
      if (!isOpened) opened([boundAddressOf(socket)])
      if (demand) demand(socket, () => serve(socket))
      else serve(socket)
    },
    opened,
    redirect(socket, to) {
      if (!admit(socket, { isSecured: false })) return
      if (demand) demand(socket, () => redirects.accept(socket, to))
      else redirects.accept(socket, to)
    },
    acceptPassed(socket) {
      if (open.isOver || phase.over) return false
      open.addPassed(socket)
      markPassed(socket)
      tune?.(socket)
      socket.on('error', onSocketError)
      serveHttp1(socket)
      events?.connected(socket, { isSecured: front !== null })
      return true
    },
    prepareTls: (tls) => stageTls(tls, { front, redirects }),
    announceStop() {
      phase.stopping = true
    },
    async drain({ deadlineMs, lastTaken = Promise.resolve() }) {
      const onClosed = (): void => {
        stalled[Symbol.dispose]()
        phase.over = true
        events?.closed()
        asked.app.listening?.ended()
      }
      const cut = await drainServer(parts, { http1, lastTaken, deadlineMs, onClosed })
      keylog?.close()
      await lines?.close()
      return { cut }
    },
    reopenLogs: () => reopenLogs({ plan, accessLog: lines, keylog }),
    counts: () => ({ ...served, lostLines: lines?.lost() ?? 0 }),
    cut: () => open.destroyAll(),
  }
}

/** The redirects ask the certificates which hosts there are, so they change with TLS. */
function stageTls(
  tls: PlannedTls,
  { front, redirects }: { front: TlsFront | null; redirects: RedirectServer },
): StagedTls {
  if (!front) throw new TypeError('a server that was planned without TLS cannot take it up')
  const staged = front.prepare(tls)
  return {
    commit() {
      staged.commit()
      redirects.useCertificates(tls)
    },
  }
}

function boundAddressOf({ localAddress, localPort }: Socket): BoundAddress {
  return localAddress === undefined
    ? { kind: 'unix', path: '' }
    : { kind: 'tcp', host: localAddress, port: localPort ?? 0 }
}

/** Puts TLS before the HTTP servers; `null` when the plan has none. */
function secureConnections(
  { plan, log, open, retired, served, tune }: ServerParts,
  {
    http: { serveHttp1, http2, events },
    keylog,
    onClientRefused,
  }: {
    http: HttpServers
    keylog: SecretLineFile | null
    onClientRefused: ((client: RefusedClient) => void) | undefined
  },
): TlsFront | null {
  if (!plan.tls) return null
  return createTlsFront({
    tls: plan.tls,
    protocols: plan.https.protocols,
    keylog,
    log,
    onRefused(client) {
      if (isOwnProbe(client.fingerprint256)) return
      served.refusedClients += 1
      onClientRefused?.(client)
    },
    showClient: plan.proxy.protocol === 'off' ? null : showClientOfTls,
    plainHttp: new PlainHttpAnswer(open.connections, plan.addresses),
    onSecured(socket, { protocol, isRetired }) {
      tune?.(socket)
      // ALPN chooses it only where it is served.
      if (http2 && protocol === 'h2') http2.emit('connection', socket)
      else {
        open.addSecured(socket)
        serveHttp1(socket)
      }
      if (isRetired) retired.retire(socket, { isHttp2: protocol === 'h2' })
      events?.connected(socket, { isSecured: true })
    },
    onFailed: (error, socket) => events?.handshakeFailed(error, socket),
    onTrustChanged() {
      const connections = retired.retireAll()
      if (connections > 0)
        log.info('clients are judged in another way: earlier connections drain', { connections })
    },
  })
}
