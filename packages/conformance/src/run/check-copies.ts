import { isAbsolute } from 'node:path'
import { checkOneCore } from '@lockstep/core/internal'
import type { SuiteSubject } from './suite-subject.ts'

/** The suite, the backend and the command must be of one installation. Throws `LOCKSTEP_ERR_TWO_CORES`. */
export function checkCopies({ backendName, command }: SuiteSubject): void {
  checkOneCore([backendName, ...(command === undefined ? [] : [command])].filter((file) => isAbsolute(file)))
}
