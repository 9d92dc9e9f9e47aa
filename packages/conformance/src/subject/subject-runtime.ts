/** How a subject's process ended. */
export interface ProcessEnd {
  readonly code: number | null
  readonly signal: string | null
}

export interface SubjectProcess {
  readonly ended: Promise<ProcessEnd>
  /** Asks for a graceful end, as a person or a service manager of that platform would. */
  terminate(): void
  /** Ends it at once, and resolves when it is gone. What it started has to end by itself then: no backend may leave orphans. */
  kill(): Promise<void>
}

/**
 * Where subjects run: this machine's Node, or another one that shares its loopback addresses and its files, such as a Windows
 * Node under Wine. The suite and its clients stay where they are.
 */
export interface SubjectRuntime extends AsyncDisposable {
  readonly platform: NodeJS.Platform
  /** For reports, for example `Node v24.21.0`. */
  readonly description: string
  /** As in `process.version`. */
  readonly nodeVersion: string
  /** The program of that Node, as its platform names it. */
  readonly nodePath: string
  /** How long a start may take there, in milliseconds; unset, 25 seconds. */
  readonly startDeadlineMs?: number
  /** How its platform names a file of this machine. */
  path(file: string): string
  /**
   * Starts a script of this machine. Its standard streams are files, which are appended to: a pipe is not possible everywhere.
   * `env` is the whole environment, except for what the runtime itself needs.
   */
  start(options: {
    readonly script: string
    readonly args: readonly string[]
    readonly env: Readonly<Record<string, string>>
    readonly cwd: string
    readonly stdout: string
    readonly stderr: string
  }): SubjectProcess
}
