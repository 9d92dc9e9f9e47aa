import type { OptionName } from '@lockstep/core'
import type { CaseContext } from './case-context.ts'

/** A program that a case observes with, or a property of the platform that it needs. */
export type Requirement = 'curl' | 'openssl' | 'ss' | 'proc' | 'unix-sockets'

/**
 * What "honoured" means for one aspect of one option, as data. It knows no test runner: `run` uses clients and `node:assert`,
 * and throws when the subject falls short.
 */
export interface ConformanceCase {
  /** Stable, never reused: `tls/min-version/refuses-older-client`. */
  readonly id: string
  /** In the sense of RFC 2119. */
  readonly level: 'MUST' | 'SHOULD'
  /** One sentence. */
  readonly requirement: string
  /** Where it comes from: an RFC's section, a manual, a decision of the design. */
  readonly source: string
  /** The options whose effect it observes. */
  readonly observes: readonly OptionName[]
  readonly needs?: readonly Requirement[]
  run(context: CaseContext): Promise<void>
}
