import type { OptionName } from '@lockstep/core'
import type { CaseContext } from './case-context.ts'
import type { PromiseName } from './cases/backend/backend-promises.ts'
import type { DoorName } from './subject/door.ts'

/**
 * What a case can't do without: a program that it observes with, or a property of the subject's platform. What all clients are
 * asked for (see `byEveryClient`) needs none of them.
 */
export type Requirement = 'curl' | 'openssl' | 'ss' | 'proc' | 'unix-sockets' | 'posix-modes' | 'windows'

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
  /** The rows of the contract with apps that it observes, such as `event/upgrade` (docs/app-contract.md). */
  readonly contract?: readonly string[]
  /** The promises of a backend that it checks (docs/writing-a-backend.md). */
  readonly promises?: readonly PromiseName[]
  readonly needs?: readonly Requirement[]
  /** Unset, every door through which what it observes can be seen. */
  readonly doors?: readonly DoorName[]
  /** It takes many seconds by its nature, and may be left out of a quick run. */
  readonly slow?: true
  run(context: CaseContext): Promise<void>
}
