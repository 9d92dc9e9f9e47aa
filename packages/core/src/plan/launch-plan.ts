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
  /** For process titles, log lines and `lockstep ps`; `null`: none is set. */
  readonly name: string | null
  /** What is served. */
  readonly app: PlannedApp
  /** For the app, in `process.argv`; `null`: none are set. */
  readonly args: readonly string[] | null
  /** Names of the environment variables that may hold a secret of the launch: no process that is started gets them. */
  readonly secretVariables: readonly string[]
  /** The options that the user has set, in any source, among those that a server of the app may set too. */
  readonly userSet: readonly SettableByApp[]
  /** Where to listen, all of them or none. */
  readonly addresses: readonly PlannedAddress[]
  /** The options about addresses that the user has set, in any source: an app that listens by itself decides about the others. */
  readonly userSetAddress: readonly AddressOption[]
  /** Where the app may listen by itself, beside what is served. */
  readonly appPorts: readonly AppPort[]
  /** Set for a check, which may run beside the server itself: a free port of loopback takes the place of each of `appPorts`. */
  readonly isRehearsal?: true
  /** Set for a check, which opens none of them: the logs that a start would write. */
  readonly logsOfStart?: {
    /** The access log; `null`: none. */
    readonly accessLog: PlannedAccessLog | null
    /** Where the secrets of TLS connections would be written. */
    readonly https: Pick<PlannedHttps, 'keylogFile'>
  }
  /** The second argument of listen(2). */
  readonly backlog: number
  /** How many processes or threads serve, from 1. */
  readonly workers: number
  /** How workers are replaced. */
  readonly replacement: PlannedReplacement
  /** When a worker that serves well is replaced. */
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
  /** The umask of the app's processes; `null`: as it is. */
  readonly umask: number | null
  /** All about TLS: versions, ciphers, certificates; `null`: plain HTTP. */
  readonly tls: PlannedTls | null
  /** What HTTP does on a TLS port. Without TLS it has no effect. */
  readonly https: PlannedHttps
  /** The proxies in front of the server, and what they may say of a client. */
  readonly proxy: PlannedProxies
  /** All in milliseconds. */
  readonly timeouts: {
    /** Until a process can serve. At the first start the launch fails; later the worker is replaced. */
    readonly bootMs: number
    /** A worker whose event loop is silent for this long is replaced. */
    readonly hangMs: number
    /** For the requests in flight at a stop, before their connections are cut. */
    readonly gracefulMs: number
    /** Between the wish to stop and the drain. */
    readonly drainDelayMs: number
    /** An idle connection is closed after this time; 0: after each answer. */
    readonly keepAliveMs: number
    /** For the headers of a request. */
    readonly headersMs: number
    /** For a whole request, with its body; 0: no limit. */
    readonly requestMs: number
    /** For a client that reads nothing of an answer; 0: no limit. */
    readonly sendMs: number
  }
  /** Beyond them, a connection is closed or a request is refused. */
  readonly limits: {
    /** Open connections of each serving process; `null`: no limit. */
    readonly connections: number | null
    /** Requests at a time in each serving process; `null`: no limit. More get 503. */
    readonly concurrency: number | null
    /** Of the request line and the headers together. More get 431. */
    readonly headerBytes: number
    /** Headers of a request. More get 431. */
    readonly headerCount: number
  }
  /** Paths that the server answers itself. */
  readonly health: PlannedHealth
  /** What is logged, and how. */
  readonly log: PlannedLog
  /** Where each request is logged; `null`: nowhere. */
  readonly accessLog: PlannedAccessLog | null
  /** Whether an app counts as ready only once it says so, by `process.send('ready')`. */
  readonly waitReady: boolean
  /** Whether an app that listens to messages is sent `shutdown` at its end, and not the signal. */
  readonly shutdownWithMessage: boolean
  /** The file with the id of the launcher's process, absolute; the launcher writes it. `null`: none. */
  readonly pidFile: string | null
  /** Whether the launcher probes each address before it announces the server. */
  readonly verify: boolean
  /** Drawn for a launch that names an export and verifies: only a probe with it is answered with what is served as the app. */
  readonly probeSecret?: string
  /** Whether the launcher listens for the verbs; `null`: the caller decides, and the server starts without it where it can't be had. */
  readonly control: boolean | null
}

/** What a launch finds out by looking at files, certificates, accounts and addresses. */
type Examined = 'app' | 'addresses' | 'tls' | 'https' | 'runAs' | 'secretVariables'

/** What follows from the options alone. */
export type PlanOfOptions = Omit<LaunchPlan, Examined>

/**
 * The plan as a support answer sees it: all that follows from the options, always. `app`, `addresses`, `tls`, `https`, `runAs` and
 * `secretVariables` are there too when a launch asks, unless a fault was found in them. They are missing when only the support table is
 * asked, as the conformance suite does to know what is to be refused.
 */
export type SupportPlan = PlanOfOptions & Partial<Pick<LaunchPlan, Examined>>

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
  /** The program counts as ready when this path answers with 2xx or 3xx; `null`: no path is asked. */
  readonly readyPath: string | null
  /** The program counts as ready when its output contains this text; `null`: its output does not matter. */
  readonly readyOutput: string | null
  /** The signal that asks the program to stop. */
  readonly stopSignal: OptionValue<'upstream.stopSignal'>
  /** For a connection to the program, in milliseconds. */
  readonly connectMs: number
  /** Until its response begins, in milliseconds. 0: no limit. */
  readonly responseMs: number
}

/** When a worker that serves well is replaced nevertheless. `null`: never for that reason. */
export interface PlannedRecycling {
  /** After this many requests. */
  readonly maxRequests: number | null
  /** Up to this many more, at random for each worker. */
  readonly maxRequestsJitter: number
  /** After this time, in milliseconds. */
  readonly lifetimeMs: number | null
  /** Up to this much longer, at random for each worker, in milliseconds. */
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
  /** What a connection may take for that, in milliseconds. */
  readonly protocolMs: number
}

/** Paths that the server answers itself; `null`: the app gets them as any other. */
export interface PlannedHealth {
  /** 200 while the server takes requests, 503 once it stops. */
  readonly readyPath: string | null
  /** 200 as long as the process responds. */
  readonly livePath: string | null
}

/** By its ALPN identifier. */
export type ServedProtocol = 'h2' | 'http/1.1'

export interface PlannedLog {
  /** Messages of this level and above. */
  readonly level: OptionValue<'log.level'>
  /** Lines for people, or one JSON object a line. */
  readonly format: 'pretty' | 'json'
}

export interface PlannedAccessLog {
  /** An absolute path, or `-` for standard output. */
  readonly file: string
  /** The format of Apache and nginx, or one JSON object a line. */
  readonly format: OptionValue<'accessLog.format'>
}

export type AppInterface = OptionValue<'interface'>

export type PlannedApp =
  | {
      /** A module of Node. */
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
      /** How it is called. */
      readonly interface: AppInterface
    }
  /** A program in any language, that Lockstep starts and serves. */
  | {
      /** A program. */
      readonly kind: 'command'
      /** The program and its arguments, with their placeholders. */
      readonly command: readonly [program: string, ...args: string[]]
      /** Where it was named, absolute: where it runs unless `chdir` is set. */
      readonly directory: string
    }
  /** An ASGI or WSGI app, for a server that runs Python. */
  | {
      /** An app of Python. */
      readonly kind: 'python'
      /** Such as `package.module:app`. */
      readonly target: string
      /** Where its module is looked for first, absolute. */
      readonly directory: string
    }
  /** The files of a folder. */
  | {
      /** Files. */
      readonly kind: 'static'
      /** Absolute path. */
      readonly directory: string
      /** Whether `/index.html` answers for a page that is not there. */
      readonly single: boolean
    }
  /** Handed to the backend in memory (`BackendHost.app`). */
  | {
      /** A value of the program that calls `launch()`. */
      readonly kind: 'memory'
      /** How it is called. */
      readonly interface: AppInterface
    }
