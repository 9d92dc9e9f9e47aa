import type { Server } from 'node:http'
import { isIPv6 } from 'node:net'
import { LaunchError } from '../../errors/launch-error.ts'
import type { BoundAddress } from '../../platform/net/address/bound-address.ts'
import { readSettings } from '../contract/read-settings.ts'
import { watchSettings } from '../contract/watch-settings.ts'
import { describeListen, type ListenCall } from './asked-listen.ts'
import { CapturedServer } from './captured-server.ts'
import { listensBeside } from './listens-beside.ts'
import { isOtherApp, isServable } from './same-app.ts'

interface Served {
  readonly captured: CapturedServer | null
  readonly exported: unknown
  /** The server that the export brings; `null`: it brings none. */
  readonly brought: Server | null
}

/** Servers that listen once the app is served, and are of that same app. They bind nothing. */
export class LateServers {
  readonly #where: string
  readonly #refuse: (server: Server, error: LaunchError) => void
  readonly #joined: CapturedServer[] = []
  readonly #waiting: Server[] = []
  #addresses: readonly BoundAddress[] | null = null
  /** Those of the server that the export brings, which were called when it was opened. */
  #called: readonly unknown[] = []
  #brought: Server | null = null
  #onAppCloses: (() => void) | undefined

  constructor({ where, refuse }: { where: string; refuse: (server: Server, error: LaunchError) => void }) {
    this.#where = where
    this.#refuse = refuse
  }

  /** Returns false where there is no export to which the server may belong. */
  join(server: Server, { call, served }: { call: ListenCall; served: Served }): boolean {
    const { captured, exported, brought } = served
    if (captured) return this.#isSibling(server, captured) && this.#refuseQuietly(server)
    if (!isServable(exported)) return false
    const late = new CapturedServer(server, call)
    this.#joined.push(late)
    if (this.#onAppCloses) late.onAppCloses(this.#onAppCloses)
    // What an app attaches to a server, it attaches right after listen() at the latest.
    if (server === brought) this.#whenServed(server)
    else setImmediate(() => this.#judge(late, exported))
    return true
  }

  opened(addresses: readonly BoundAddress[]): void {
    if (this.#addresses) return
    this.#addresses = addresses
    for (const server of this.#waiting.splice(0)) this.#open(server)
  }

  /** Before `opened()`. */
  serves(brought: Server | null): void {
    this.#brought = brought
  }

  /** To be called before the listeners of the server that the export brings are called. */
  opening(): void {
    if (this.#brought && !this.#addresses) this.#called = this.#brought.rawListeners('listening')
  }

  onAppCloses(called: () => void): void {
    this.#onAppCloses = called
    for (const late of this.#joined) late.onAppCloses(called)
  }

  /** The launcher serves no more. */
  ended(): void {
    for (const late of this.#joined.splice(0)) {
      if (late.server !== this.#brought) late.server.emit('close')
      late.ended()
    }
  }

  #judge(late: CapturedServer, exported: unknown): void {
    const { server, asked } = late
    const lost = lostOf(server)
    if (isOtherApp(exported, server))
      this.#drop(late, listensBeside(asked, { where: this.#where, captured: null, isHttp: true }))
    else if (lost !== null) this.#drop(late, this.#bringsMore(late, lost))
    else {
      // An app may attach something at any time.
      server.on('newListener', (event) => {
        if (event === 'upgrade') this.#refuse(server, this.#bringsMore(late, 'a listener for upgrades'))
      })
      this.#whenServed(server)
    }
  }

  #drop(late: CapturedServer, error: LaunchError): void {
    this.#joined.splice(this.#joined.indexOf(late), 1)
    late.release()
    this.#refuse(late.server, error)
  }

  #bringsMore({ asked }: CapturedServer, what: string): LaunchError {
    return new LaunchError({
      code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
      message: `${this.#where} exports its app, and lets a server of that app listen later (${describeListen(asked)}), which brings ${what}. The export is what is served, so that would be lost.`,
      hint: 'Export the server instead of the app, or export nothing: the server is then served when it listens.',
    })
  }

  #whenServed(server: Server): void {
    if (this.#addresses) process.nextTick(() => this.#open(server))
    else if (server !== this.#brought) this.#waiting.push(server)
  }

  #open(server: Server): void {
    if (server === this.#brought) {
      for (const listener of server.rawListeners('listening') as (() => void)[])
        if (!this.#called.includes(listener)) listener.call(server)
      return
    }
    const [first] = this.#addresses ?? []
    Object.defineProperty(server, 'listening', { configurable: true, get: () => true })
    Object.defineProperty(server, 'address', {
      configurable: true,
      writable: true,
      value: () => (first ? addressOf(first) : null),
    })
    server.emit('listening')
    const look = (): void => {
      const late = this.#joined.find((one) => one.server === server)
      const lost = lostOf(server)
      if (late && lost !== null) this.#refuse(server, this.#bringsMore(late, lost))
    }
    // Programs set them also behind `await app.listen()`, or even later.
    setImmediate(look)
    watchSettings(server, () => setImmediate(look))
  }

  /** Fastify opens one more server for each address of `localhost`, with the same handler, and does without those that fail. */
  #isSibling(server: Server, captured: CapturedServer): boolean {
    const { address } = captured.asked
    return (
      address.kind === 'tcp' &&
      address.host === 'localhost' &&
      server.rawListeners('request')[0] === captured.server.rawListeners('request')[0]
    )
  }

  #refuseQuietly(server: Server): true {
    const error = Object.assign(new Error('the launcher decides about addresses'), { code: 'EADDRNOTAVAIL' })
    process.nextTick(() => server.emit('error', error))
    return true
  }
}

/** What a server has that would be lost where the export is served instead of it. */
function lostOf(server: Server): string | null {
  const [setting] = readSettings(server)
  if (setting) return `the setting ${setting.name}`
  return server.listenerCount('upgrade') > 0 ? 'a listener for upgrades' : null
}

function addressOf(bound: BoundAddress): object | string {
  if (bound.kind !== 'tcp') return bound.path
  return { address: bound.host, port: bound.port, family: isIPv6(bound.host) ? 'IPv6' : 'IPv4' }
}
