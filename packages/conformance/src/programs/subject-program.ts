import { fileURLToPath } from 'node:url'

/** The apps of the suite that a program in any language can play. docs/writing-a-backend.md says what each of them does. */
export type ProgramAppName = 'observable' | 'never-ready' | 'throws-on-load' | 'recording' | 'gated'

/** A program that plays apps of the suite, for a backend that starts programs. */
export interface SubjectProgram {
  /**
   * The program and its arguments. In each word, `{app}` is replaced by the name of the app, `{file}` by the path of the app of the suite in
   * JavaScript, and `{node}` by the path of Node. The backend replaces the placeholders that it has itself, such as `{port}`.
   */
  readonly command: readonly [program: string, ...args: string[]]
  /**
   * The apps that it can play; unset, `observable` alone. `*`: each one that it can load by its `{file}`. A case with another app is refused,
   * because the backend can't run it.
   */
  readonly apps?: readonly ProgramAppName[] | '*'
}

const fileBeside = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** The programs that the suite brings. */
export const subjectPrograms = {
  /** Node with its own HTTP server. */
  node: {
    command: ['{node}', fileBeside('dist/programs/serve-app.js'), '{file}', '{port}'],
    apps: '*',
  },
  /** Python 3.10 or newer with the server of its standard library. */
  python: {
    command: ['python3', fileBeside('python/suite_server.py'), '{app}', '{port}'],
    apps: ['observable', 'never-ready', 'throws-on-load', 'recording', 'gated'],
  },
} as const satisfies Readonly<Record<string, SubjectProgram>>

export type SubjectProgramName = keyof typeof subjectPrograms

/** The command that plays an app, by the path of that app; `null`: the program can't play it. */
export function commandFor(
  app: string,
  { program: { command, apps = ['observable'] }, nodePath }: { program: SubjectProgram; nodePath: string },
): readonly string[] | null {
  const [, name = ''] = /[\\/]([\w-]+)-app\.js$/.exec(app) ?? []
  if (apps !== '*' && !apps.some((one) => one === name)) return null
  const values: Readonly<Record<string, string>> = { '{app}': name, '{file}': app, '{node}': nodePath }
  return command.map((word) => word.replaceAll(/\{(?:app|file|node)\}/g, (found) => values[found] ?? found))
}
