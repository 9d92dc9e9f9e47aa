import { textWidth } from '@lockstep/core/internal'
import { paragraph } from '../../render/columns.ts'
import { styleError } from '../../render/style.ts'

/** For the first process of a container that has to do without an init. */
export function renderInitWarning(obstacle: string): string {
  return paragraph(
    `${styleError('yellow', '!')} This is the first process of a container, and ${obstacle}: processes whose parent has died stay as zombies. Start the container with an init, such as \`docker run --init\`.`,
    textWidth('stderr'),
  )
}
