import { writeSync } from 'node:fs'
import { LaunchError } from '../../../errors/launch-error.ts'
import { type SerialisedFault, serialiseFaults } from '../../../errors/serialise-error.ts'
import { dropPrivileges } from '../../accounts/drop-privileges.ts'
import { checkFiles, type WrittenFiles } from './check-files.ts'

// Runs in a process of its own, before the launcher makes files for another user. It becomes that user, and writes what a start will be refused for.

const plan = JSON.parse(process.argv[2] ?? '') as WrittenFiles

writeSync(3, `${JSON.stringify(findFaults())}\n`)

function findFaults(): SerialisedFault[] {
  try {
    if (plan.runAs) dropPrivileges(plan.runAs)
    checkFiles(plan)
    return []
  } catch (error) {
    if (error instanceof LaunchError) return serialiseFaults(error)
    throw error
  }
}
