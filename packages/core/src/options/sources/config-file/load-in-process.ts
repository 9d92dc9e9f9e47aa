import type { PlannedIdentity } from '../../../plan/launch-plan.ts'
import { rememberOwnScript } from '../../../platform/files/own-files.ts'
import { runOwnScript } from '../../../platform/process/run-own-script.ts'
import { secretVariableNames } from '../environment/secret-variables.ts'
import { decodeConfig } from './config-values.ts'
import { mostMs } from './unless-endless.ts'

export interface ConfigRequest {
  readonly file: string
  /** The user that the process becomes first; `null`: it keeps ours. */
  readonly served: PlannedIdentity | null
}

export type ConfigAnswer =
  | { readonly config: string }
  /** `isClosed`: its user may not read it. */
  | { readonly failure: string; readonly isClosed: boolean }

/** The code itself may take this long, and says so when it takes longer. */
const answerMs = mostMs + 5_000

/** Looked for when it is needed: where a program was bundled as CommonJS, there is no place to start from. */
const script = (): URL => new URL('./config-process.js', import.meta.url)

/** To be called at the start: a reload loads the file by the script of the version that runs. */
export const rememberLoader = (): void => rememberOwnScript(script())

/**
 * Loads a configuration file with code in a process of its own, so that none of it runs in this one a second time. Rejects when it fails
 * to load.
 */
export async function loadInProcess(
  request: ConfigRequest,
  inMemory: (path: readonly string[]) => unknown,
): Promise<unknown> {
  const text = await runOwnScript(script(), {
    argument: JSON.stringify(request),
    withheld: secretVariableNames,
    // What Node loads by itself, it loads before the process has become another user.
    isBare: request.served !== null,
    mostMs: answerMs,
  })
  const answer = JSON.parse(text) as ConfigAnswer
  if ('failure' in answer)
    throw Object.assign(new Error(answer.failure), answer.isClosed && { code: 'EACCES' })
  return decodeConfig(answer.config, inMemory)
}
