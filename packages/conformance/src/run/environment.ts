import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What a subject's process inherits, with a home of its own for what launchers keep for a user. */
export function subjectEnvironment(home: string): NodeJS.ProcessEnv {
  return { ...process.env, XDG_DATA_HOME: home, LOCALAPPDATA: home }
}

/** Whether a program can be found by its name. */
export function isInstalled(program: string): boolean {
  const file = process.platform === 'win32' ? `${program}.exe` : program
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, file)))
}
