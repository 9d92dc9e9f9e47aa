import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Whether a program would be found by its name. Not for Windows, where a name has many endings. */
export function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
}
