import type { Fault } from '../errors/launch-error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { isClosedOff, statIfReachable } from '../platform/files/stat-if-reachable.ts'
import type { FoundApp } from './find-command.ts'

/** The folder of the option `static.directory`; `null`: it is not set. */
export function findStaticFolder(options: ResolvedOptions): FoundApp | null {
  const { 'static.directory': folder, 'static.single': single, app, args, command, import: imports } = options
  const { interface: face, waitReady, shutdownWithMessage } = options
  const refuse = (
    code: Fault['code'],
    [message, hint]: readonly [string, string],
    source: string,
  ): FoundApp => ({
    app: null,
    faults: [{ code, message, hint, source }],
  })
  if (folder.value === null)
    return single.value
      ? refuse(
          'LOCKSTEP_ERR_OPTION_CONFLICT',
          [
            'Only a static folder has a page for missing paths, and none is named.',
            'Use `lockstep serve DIR`, or leave it out.',
          ],
          single.source.label,
        )
      : null
  const other = [app, command, args, imports].find(({ value }) => value !== null)
  if (other)
    return refuse(
      'LOCKSTEP_ERR_OPTION_CONFLICT',
      [
        `Both a static folder (${folder.source.label}) and ${other.source.label} are given, and one of them would have no effect.`,
        'Leave one of them out.',
      ],
      other.source.label,
    )
  const ofAnApp = [face, waitReady, shutdownWithMessage].find(
    ({ value }) => value !== 'auto' && value !== false,
  )
  if (ofAnApp)
    return refuse(
      'LOCKSTEP_ERR_OPTION_CONFLICT',
      [
        `${ofAnApp.source.label} is for an app, and would have no effect on a static folder (${folder.source.label}).`,
        'Leave it out.',
      ],
      ofAnApp.source.label,
    )
  if (statIfReachable(folder.value)?.isDirectory() !== true)
    return refuse(
      'LOCKSTEP_ERR_APP_NOT_FOUND',
      [
        `There is no folder ${folder.value}${isClosedOff(folder.value) ? ': permission is denied' : ''}.`,
        'Name the folder whose files are served.',
      ],
      folder.source.label,
    )
  return { app: { kind: 'static', directory: folder.value, single: single.value }, faults: [] }
}
