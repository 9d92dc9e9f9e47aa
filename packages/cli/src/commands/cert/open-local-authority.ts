import { type LocalAuthority, readOrCreateLocalAuthority } from '@lockstep/certs'
import {
  LaunchError,
  localAuthorityFolder,
  textWidth,
  throwFaults,
  untrustedLocalAuthority,
  visibleText,
  whyFileFails,
} from '@lockstep/core/internal'
import { paragraph } from '../../render/columns.ts'
import type { Output } from '../command.ts'

/** The local CA of this user, made if there is none. Reports if an old one was replaced. */
export async function openLocalAuthority(output: Output): Promise<LocalAuthority> {
  const folder = localAuthorityFolder()
  throwFaults(untrustedLocalAuthority())
  try {
    const local = await readOrCreateLocalAuthority({ folder })
    if (local.replaced !== null)
      output.err(
        paragraph(
          `The local CA was replaced by a new one, ${local.commonName}, because ${visibleText(local.replaced)}. If you trusted the old one, run: lockstep cert trust`,
          textWidth('stderr'),
        ),
      )
    return local
  } catch (cause) {
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_LOCAL_CA',
      message: `The local CA can't be kept in ${folder}: ${whyFileFails(cause)}.`,
      hint: 'Let this user write there (on Linux, XDG_DATA_HOME moves it).',
      cause,
    })
  }
}
