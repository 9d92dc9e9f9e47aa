import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { BroughtServer } from './contract/brought-server.ts'
import type { AskedListen } from './listen/asked-listen.ts'
import type { AppListening } from './listen/follow-listening.ts'

/** Whatever the app was written with, this is what `serve/` calls. */
export interface ServedApp {
  /** What it was recognised as, for people: `Express`, `{ fetch }`, … */
  readonly kind: string
  /** The module that was loaded, and which export of it was asked for. `loadApp()` sets it, and verification compares it with the plan. */
  readonly loadedAs?: { readonly file: string; readonly exportName: string | null }
  /** It is written for the Fetch API and never gets hold of Node's own request and response. */
  readonly isFetch?: true
  /** A rejection or an exception is answered with 500 and logged. */
  handle(request: IncomingMessage, response: ServerResponse): unknown
  /** Takes over a connection that asks for another protocol (RFC 9110 section 7.8). Absent: the request is answered as any other. */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => unknown
  /** The one protocol that `upgrade` takes, in lower case. Absent: any, and the app judges. */
  readonly takesOnly?: string
  /**
   * Takes over a stream of HTTP/2 whose client asks for another protocol (extended CONNECT, RFC 8441): what follows the head of `request` and of a
   * `response` with status 200 is of that protocol. Absent: such requests are answered with 405.
   */
  readonly extendedConnect?: (request: IncomingMessage, response: ServerResponse, protocol: string) => unknown
  /** It answers `Expect: 100-continue` itself. Absent: the server does, before it calls `handle`. */
  readonly answersContinue?: true
  /** What the access log says of a request whose client left before the response. Absent: 0. */
  readonly abandonedStatus?: number
  /** Whether it can answer now: `health.ready` says so. Absent: always. */
  readonly isReady?: () => boolean
  /** The server that the app brings, whose settings and listeners count. Where there is one, it is asked whether it takes upgrades. */
  readonly server?: BroughtServer
  /** Where the app asks to be served, by a call of `listen()` or beside `fetch`. Absent: it leaves that to the options. */
  readonly asked?: AskedListen
  /** Absent for an app in memory: there the servers of the program around it listen in the same process. */
  readonly listening?: AppListening
  /** Notifies the app that its server begins to drain; requests in flight continue. */
  readonly drain?: () => void
  /** Lets the app close what it holds, after the last response. */
  readonly close?: () => Promise<void>
}
