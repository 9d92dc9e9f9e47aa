import type { SettableByApp } from '../app/contract/server-settings.ts'
import type { OptionValue } from '../options/option-table.ts'
import type { PlannedIdentity } from '../platform/accounts/identity.ts'
import type { AppPort } from '../platform/net/address/app-port.ts'
import type { PlannedAddress } from '../platform/net/address/planned-address.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'

export type { PlannedIdentity } from '../platform/accounts/identity.ts'
export type { AppPort } from '../platform/net/address/app-port.ts'
export type { PlannedAddress, SocketAccess } from '../platform/net/address/planned-address.ts'

/**
 * All that a backend needs to know, and the only thing that it sees of the user's options: complete, checked, frozen, and
 * (except for an in-memory app, which is passed separately) fit to cross a process border by structured clone.
 */
export interface LaunchPlan {
  readonly name: string | null
  readonly app: PlannedApp
  /** For the app, in `process.argv`; `null`: none are set. */
  readonly args: readonly string[] | null
  /** Names of the environment variables that may hold a secret of the launch: no process that is started gets them. */
  readonly secretVariables: readonly string[]
  /** The options that the user has set, in any source, among those that a server of the app may set too. */
  readonly userSet: readonly SettableByApp[]
  readonly addresses: readonly PlannedAddress[]
  /** The options about addresses that the user has set, in any source: an app that listens by itself decides about the others. */
  readonly userSetAddress: readonly AddressOption[]
  /** Where the app may listen by itself, beside what is served. */
  readonly appPorts: readonly AppPort[]
  /** The second argument of listen(2). */
  readonly backlog: number
  readonly workers: number
  readonly replacement: PlannedReplacement
  readonly recycling: PlannedRecycling
  /** What concerns a program that is started and served; without effect on an app. */
  readonly upstream: PlannedUpstream
  /** How connections reach the workers. */
  readonly balance: Exclude<OptionValue<'balance'>, 'auto'>
  /** How the worker of a client is known again. */
  readonly sticky: OptionValue<'sticky'>
  /** The user that loads and serves the app; `null`: the user that starts the server. */
  readonly runAs: PlannedIdentity | null
  /** The folder in which the app runs, absolute; `null`: where the server is started. */
  readonly chdir: string | null
  /** `null`: as it is. */
  readonly umask: number | null
  /** `null`: plain HTTP. */
  readonly tls: PlannedTls | null
  /** What HTTP does on a TLS port. Without TLS it has no effect. */
  readonly https: PlannedHttps
  readonly proxy: PlannedProxies
  readonly timeouts: {
    readonly bootMs: number
    readonly hangMs: number
    readonly gracefulMs: number
    /** Between the wish to stop and the drain. */
    readonly drainDelayMs: number
    readonly keepAliveMs: number
    readonly headersMs: number
    /** 0: no limit. */
    readonly requestMs: number
    /** 0: no limit. */
    readonly sendMs: number
  }
  readonly limits: {
    /** For each serving process; `null`: no limit. */
    readonly connections: number | null
    /** For each serving process; `null`: no limit. */
    readonly concurrency: number | null
    readonly headerBytes: number
    readonly headerCount: number
  }
  readonly health: PlannedHealth
  readonly log: PlannedLog
  readonly accessLog: PlannedAccessLog | null
  /** Whether an app counts as ready only once it says so, by `process.send('ready')`. */
  readonly waitReady: boolean
  /** Whether an app that listens to messages is sent `shutdown` at its end, and not the signal. */
  readonly shutdownWithMessage: boolean
  readonly pidFile: string | null
  readonly verify: boolean
  /** `null`: the caller decides, and the server starts without it where it can't be had. */
  readonly control: boolean | null
}

export type AddressOption = 'bind' | 'host' | 'port' | 'backlog'

/** How the workers are replaced by new ones. At least one of the two is above 0. */
export interface PlannedReplacement {
  /** Whether a new process starts before the old one ends, or after it. */
  readonly mode: OptionValue<'reload.mode'>
  /** How many more workers than planned there may be. */
  readonly maxSurge: number
  /** How many fewer may serve. */
  readonly maxUnavailable: number
}

export interface PlannedUpstream {
  /** Environment variables of the program, with the placeholders of its place. */
  readonly variables: Readonly<Record<string, string>>
  /** `null`: no path is asked. */
  readonly readyPath: string | null
  /** `null`: its output does not matter. */
  readonly readyOutput: string | null
  readonly stopSignal: OptionValue<'upstream.stopSignal'>
  readonly connectMs: number
  /** Until its response begins. 0: no limit. */
  readonly responseMs: number
}

/** When a worker that serves well is replaced nevertheless. `null`: never for that reason. */
export interface PlannedRecycling {
  readonly maxRequests: number | null
  readonly maxRequestsJitter: number
  readonly lifetimeMs: number | null
  readonly lifetimeJitterMs: number
  /** Resident set. */
  readonly maxRssBytes: number | null
  /** Used heap of V8. */
  readonly maxHeapBytes: number | null
}

export interface PlannedHttps {
  /** In the order of the server's preference; at least one. */
  readonly protocols: readonly ServedProtocol[]
  /** Value of the header Strict-Transport-Security; `null`: none is sent. */
  readonly hsts: string | null
  /** Gets the secrets of every connection; `null`: nothing does. */
  readonly keylogFile: string | null
  /** Where plain HTTP is answered with redirects to HTTPS; may be empty. */
  readonly redirect: readonly PlannedAddress[]
  /** The port that redirects lead to; `null`: the first TCP port that is bound. */
  readonly redirectPort: number | null
}

/** The proxies in front of the server. */
export interface PlannedProxies {
  /** IP addresses, networks, `unix`, or `*` alone; empty: none is trusted. */
  readonly trusted: readonly string[]
  /** The header that counts. */
  readonly header: OptionValue<'proxy.header'>
  /** Whether each connection must begin with the PROXY protocol. */
  readonly protocol: OptionValue<'proxy.protocol'>
  /** What a connection may take for that. */
  readonly protocolMs: number
}

/** Paths that the server answers itself; `null`: the app gets them as any other. */
export interface PlannedHealth {
  readonly readyPath: string | null
  readonly livePath: string | null
}

/** By its ALPN identifier. */
export type ServedProtocol = 'h2' | 'http/1.1'

export interface PlannedLog {
  readonly level: OptionValue<'log.level'>
  readonly format: 'pretty' | 'json'
}

export interface PlannedAccessLog {
  /** An absolute path, or `-` for standard output. */
  readonly file: string
  readonly format: OptionValue<'accessLog.format'>
}

export type AppInterface = OptionValue<'interface'>

export type PlannedApp =
  | {
      readonly kind: 'module'
      /** Absolute path of a file that exists. */
      readonly file: string
      /** `null`: the default export. */
      readonly exportName: string | null
      /** Absolute paths of the modules that are loaded before it, in their order. */
      readonly imports: readonly string[]
      /** What its folder passes to it in `process.argv`, unless the user does. */
      readonly args: readonly string[]
      /** Why this file was chosen of a folder; `null`: it was named. */
      readonly chosenBy: string | null
      /** What was read to choose it. */
      readonly manifest: {
        /** The package.json of the folder, absolute. */
        readonly file: string
        /** Whether it sets variables for the app, which the process of the launcher then has too. */
        readonly setsVariables: boolean
      } | null
      readonly interface: AppInterface
    }
  /** A program in any language, that Lockstep starts and serves. */
  | {
      readonly kind: 'command'
      /** The program and its arguments, with their placeholders. */
      readonly command: readonly [program: string, ...args: string[]]
      /** Where it was named, absolute: where it runs unless `chdir` is set. */
      readonly directory: string
    }
  /** An ASGI or WSGI app, for a server that runs Python. */
  | {
      readonly kind: 'python'
      /** Such as `package.module:app`. */
      readonly target: string
      /** Where its module is looked for first, absolute. */
      readonly directory: string
    }
  /** The files of a folder. */
  | {
      readonly kind: 'static'
      /** Absolute path. */
      readonly directory: string
      /** Whether `/index.html` answers for a page that is not there. */
      readonly single: boolean
    }
  /** Handed to the backend in memory (`BackendHost.app`). */
  | { readonly kind: 'memory'; readonly interface: AppInterface }
