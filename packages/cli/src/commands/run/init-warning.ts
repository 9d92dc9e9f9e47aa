import { styleError } from '../../render/style.ts'

/** For the first process of a container that has to do without an init. */
export function renderInitWarning(obstacle: string): string {
  return `${styleError('yellow', '!')} This is the first process of a container, and ${obstacle}: processes whose parent has died stay as zombies. Start the container with an init, such as \`docker run --init\`.\n`
}
