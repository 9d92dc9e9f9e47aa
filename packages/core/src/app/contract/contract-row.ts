import type { ErrorCode } from '../../errors/error-catalog.ts'
import type { MessageErrorCode } from '../app-messages.ts'

/** The kinds of backend that an app meets: `programs` are those that start a program of its own (`command`, Gunicorn, Uvicorn). */
export const backendKinds = ['single', 'cluster', 'programs'] as const

export type BackendKind = (typeof backendKinds)[number]

/** What happens to one thing that an app brings or asks for, in plain sentences. */
export type ContractAnswer =
  /** It does what the author of the app expects. */
  | { readonly honoured: string; readonly refused?: never }
  /** The launch fails. `says` is why, and what to write instead. */
  | { readonly refused: ErrorCode; readonly says: string; readonly honoured?: never }
  /** Some values are honoured, and others fail the launch: `says` names both. */
  | { readonly honoured: string; readonly refused: ErrorCode; readonly says: string }
  /** The app itself gets an exception with this code. */
  | { readonly throws: MessageErrorCode; readonly says: string; readonly honoured?: never }

interface Row {
  /** What the app brings or asks for, as its author writes it. Markdown. */
  readonly what: string
  /** Absent: the answer of the section. */
  readonly programs?: ContractAnswer
}

/** One thing that an app can bring or ask for. The answer is the same in both backends of Node, or there is one for each. */
export type ContractRow =
  | (Row & { readonly inNode: ContractAnswer })
  | (Row & { readonly single: ContractAnswer; readonly cluster: ContractAnswer })

/** Rows about one subject. */
export interface ContractSection {
  /** The heading of the section. */
  readonly title: string
  /** The heads of its table. */
  readonly heads: readonly [what: string, happens: string]
  /** The answer of backends that start programs, for all rows that have none of their own. */
  readonly programs: ContractAnswer
  readonly rows: { readonly [name: string]: ContractRow }
}

export function honoured(how: string): ContractAnswer {
  return { honoured: how }
}

export function refused(code: ErrorCode, says: string): ContractAnswer {
  return { refused: code, says }
}

/** The answer of a row under a kind of backend: there always is one. */
export function answerOf(
  row: ContractRow,
  { backend, section }: { backend: BackendKind; section: ContractSection },
): ContractAnswer {
  if (backend === 'programs') return row.programs ?? section.programs
  return 'inNode' in row ? row.inNode : row[backend]
}
