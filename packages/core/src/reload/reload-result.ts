import type { ConfigTaken } from '../options/sources/config-file/read-config-file.ts'
import type { LeafFacts } from '../tls/planned-tls.ts'
import type { Verification } from '../verify/verification.ts'

/**
 * What asked for a reload; `renewal`: the source of the certificate has a new one; `retry`: one was refused, and what refused it
 * may have changed.
 */
export type ReloadCause = 'api' | 'signal' | 'verb' | 'file' | 'renewal' | 'retry'

/** How much is reloaded: all, or TLS alone and the workers stay. */
export type ReloadScope = 'all' | 'tls'

/** What came of a reload that succeeded. */
export interface ReloadResult {
  readonly cause: ReloadCause
  readonly scope: ReloadScope
  /**
   * What was done with the configuration file: its values were read, its code was loaded in a process of its own, or they were kept as they
   * were, because no user asked for the reload.
   */
  readonly config: ConfigTaken | 'none'
  /** Whether anything of TLS has changed, so that something new was put to use. */
  readonly changed: boolean
  /** How many workers were replaced, so that the app was reloaded; 0 when the backend can't, or was not asked to. */
  readonly replaced: number
  /** Whether the app is still the one of the start, although all was to be reloaded: one process can't load it again. */
  readonly appKept: boolean
  /** What should be looked at, in sentences: variables that the app gets at the next start only, and warnings that the reload before did not have. */
  readonly warnings: readonly string[]
  /** The leaf that was served before; `null` for plain HTTP. */
  readonly before: LeafFacts | null
  /** The leaf that is served now. */
  readonly after: LeafFacts | null
  /** Whether sessions from before can still be resumed. They can't once anything but the certificate has changed. */
  readonly sessionsKept: boolean
  /** How many workers were serving. */
  readonly workers: number
  /** Until each of them had acknowledged, from the moment when the new settings had been read and checked. */
  readonly acknowledgedMs: number
  /** What the probes saw; `null` when nothing has changed, when `verify` is off, or when no probe came through. */
  readonly verification: Verification | null
  readonly at: Date
  readonly durationMs: number
}

/** What has become of the reloads of a launch. */
export interface ReloadStatus {
  /** The last one that succeeded. */
  readonly last: ReloadResult | null
  /** The last one, if it failed: then what was served before stays in use. */
  readonly failure: ReloadFailure | null
}

/** Why the last reload failed. */
export interface ReloadFailure {
  readonly cause: ReloadCause
  readonly code: string
  readonly message: string
  readonly at: Date
}
