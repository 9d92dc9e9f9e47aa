/** The place where a subject runs, as `SubjectRuntime` of @lockstep/conformance defines it. */
export interface WineRuntime extends AsyncDisposable {
  readonly platform: NodeJS.Platform
  readonly description: string
  readonly nodeVersion: string
  readonly nodePath: string
  path(file: string): string
  start(options: WineStart): WineProcess
}

/** `script`, `cwd`, `stdout` and `stderr` are paths of this machine; `args` and `env` are passed as they are. */
export interface WineStart {
  readonly script: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly stdout: string
  readonly stderr: string
}

export interface WineProcess {
  /** The lowest 8 bits of the exit code, which is what Linux keeps of it. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
  /** The live processes of this start, with their process ids on this machine and their command lines. */
  processes(): { readonly pid: number; readonly words: readonly string[] }[]
  /** Ctrl-C, for all that the console of this start holds. */
  terminate(): void
  /** Ends all processes of this start, and resolves when they have ended. */
  kill(): Promise<void>
}

export declare function openWineRuntime(options: {
  readonly root: string
  readonly node: string
  readonly folders?: readonly string[]
}): Promise<WineRuntime>
