import type { LockstepConfig } from '@lockstep/core'
import type { Failure, Subject } from './subject.ts'
import type { SubjectRuntime } from './subject-runtime.ts'

/** The ways into a server. The same cases go through each of them and must see the same. */
export const doorNames = [
  /** `ServerBackend.start()` with a plan: what a backend does by itself, without the launcher's own options. */
  'backend',
  /** `launch()`. */
  'launch',
  /** The command line, with the options as flags. */
  'command',
] as const

/** What a launch of several processes may take on a busy machine. */
export const usualStartDeadlineMs = 25_000

export type DoorName = (typeof doorNames)[number]

/** What a door needs to know to let a case in. */
export interface Entry {
  readonly options: LockstepConfig
  readonly runtime: SubjectRuntime
  readonly env: Readonly<Record<string, string>>
  /** The current folder of the subject, where relative paths start; what it writes goes there too. */
  readonly folder: string
  /** Where Node may keep what it has compiled. */
  readonly cacheFolder: string
  /** The start is abandoned when this resolves. */
  readonly givenUp?: Promise<unknown> | undefined
  readonly isUnannounced?: boolean | undefined
  readonly appInMemory?: string | undefined
}

/** How soon a start that was given up has to fail. On Windows each look at the processes of a program starts a program. */
export const giveUpDeadlineMs = ({ platform }: Pick<SubjectRuntime, 'platform'>): number =>
  platform === 'win32' ? 15_000 : 6_000

export interface Door {
  readonly name: DoorName
  open(entry: Entry): Promise<Subject | Failure>
}
