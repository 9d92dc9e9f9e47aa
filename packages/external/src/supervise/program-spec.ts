import type { OptionValue, PrivatePlace } from '@lockstep/core/internal'

/** What a backend says about the program that it runs. */
export interface ProgramSpec {
  /** For logs and messages, such as `python3`. */
  readonly title: string
  readonly place: 'port' | 'socket'
  /** How many instances run beside each other. A program with workers of its own needs one. */
  readonly instances: number
  readonly cwd: string
  /**
   * It accepts connections before it can serve, as a master does that binds before its workers have loaded the app. Then it counts as ready when
   * it closes a connection on which nothing is asked.
   */
  readonly acceptsBeforeReady?: boolean
  readonly stopSignal: OptionValue<'upstream.stopSignal'>
  /** How an instance is started that is to listen at this place. */
  commandFor(place: PrivatePlace): ProgramCommand
}

export interface ProgramCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Variables of this process that it must not get, besides the secret ones. */
  readonly withheld: readonly string[]
}
