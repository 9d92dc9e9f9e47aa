import { closeSync, constants, existsSync, fchownSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { deserialiseFaults, type SerialisedFault } from '../../../errors/serialise-error.ts'
import { codeOf } from '../../../errors/thrown.ts'
import { isRootOwnedPath } from '../../accounts/root-owned-path.ts'
import { runOwnScript } from '../../process/run-own-script.ts'
import { type WrittenFiles, writtenFiles } from './check-files.ts'
import { type MadeFiles, watchMadeFiles } from './made-files.ts'

/** What the process of `refuse-files.ts` may take. */
const mostMs = 10_000
/** Looked for when it is needed: where a program was bundled as CommonJS, there is no place to start from. */
const script = (): URL => new URL('./refuse-files.js', import.meta.url)

/**
 * Makes the files that are still missing for the user who will write them, as `makeMissingFiles()`. Rejects before that with the `LaunchError` with which
 * `leaveRoot()` would refuse that user: the launch must then leave no file behind, and that user could not remove it. Returns what was made,
 * for the same if the launch fails later.
 */
export async function handOverFiles(plan: WrittenFiles): Promise<MadeFiles> {
  if (filesToMake(plan).every((file) => existsSync(file))) return watchMadeFiles([])
  const refusal = await findRefusal(plan)
  if (refusal) throw refusal
  return watchMadeFiles(makeMissingFiles(plan))
}

/**
 * Makes the files that are still missing for the user who will write them, while this process is root, in folders where that
 * user can't make them. A file that exists is left alone, and so is a folder that is not root's: there that user could put a link to
 * any file or folder of the system. Returns those that were made.
 */
export function makeMissingFiles(plan: WrittenFiles): string[] {
  return filesToMake(plan).filter((file) => {
    const descriptor = makeIfMissing(file)
    if (descriptor === null || !plan.runAs) return false
    fchownSync(descriptor, plan.runAs.uid, plan.runAs.gid)
    closeSync(descriptor)
    return true
  })
}

function filesToMake(plan: WrittenFiles): string[] {
  if (!plan.runAs) return []
  return writtenFiles(plan)
    .map(({ file }) => file)
    .filter((file) => isRootOwnedPath(dirname(file)))
}

/**
 * What a process that becomes the user of the plan is refused for. Only such a process can tell: folders may have access control lists, and
 * `access(2)` looks at the real user. `null` also where that process fails in another way: the launch itself then says what is wrong.
 */
async function findRefusal({ runAs, app, accessLog, https }: WrittenFiles): Promise<Error | null> {
  const plan: WrittenFiles = {
    runAs,
    app:
      app.kind === 'module' ? { kind: app.kind, file: app.file, imports: app.imports } : { kind: app.kind },
    accessLog: null,
    https: { keylogFile: null },
    logsOfStart: { accessLog, https: { keylogFile: https.keylogFile } },
  }
  const argument = JSON.stringify(plan)
  const withheld = Object.keys(process.env)
  const answer = await runOwnScript(script(), { argument, withheld, isBare: true, mostMs }).catch(() => '[]')
  const faults = JSON.parse(answer) as readonly SerialisedFault[]
  return faults.length === 0 ? null : deserialiseFaults(faults)
}

/** Only its new owner reads it. */
function makeIfMissing(file: string): number | null {
  try {
    return openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return null
    throw error
  }
}
