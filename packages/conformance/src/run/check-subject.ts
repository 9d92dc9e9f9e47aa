import { isAbsolute } from 'node:path'
import { checkOneCore } from '@lockstep/core/internal'
import type { SuiteSubject } from './suite-subject.ts'

/**
 * The suite, the backend and the command must be of one installation, and a program needs a backend that runs it. Throws
 * `LOCKSTEP_ERR_TWO_CORES` or a `RangeError`.
 */
export function checkSubject({ backend, backendName, command, program }: SuiteSubject): void {
  if (program !== undefined && !backend.runs?.includes('command'))
    throw new RangeError(`The backend ${backend.name} does not run programs: its \`runs\` lacks 'command'.`)
  checkOneCore([backendName, ...(command === undefined ? [] : [command])].filter((file) => isAbsolute(file)))
}
