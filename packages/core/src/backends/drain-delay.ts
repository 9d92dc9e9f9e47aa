/** The wait between the wish to stop and the drain, which a more urgent wish ends. */
export class DrainDelay {
  readonly #delayMs: number
  readonly #over = Promise.withResolvers<void>()
  #timer: NodeJS.Timeout | undefined
  #isOver: boolean

  constructor(delayMs: number) {
    this.#delayMs = delayMs
    this.#isOver = delayMs === 0
    if (this.#isOver) this.#over.resolve()
  }

  /** Nothing is left to wait for: a drain can begin in this very turn. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Resolves when the time has passed since the first call, or has been skipped. */
  async wait(): Promise<void> {
    if (!this.#isOver) this.#timer ??= setTimeout(() => this.skip(), this.#delayMs)
    await this.#over.promise
  }

  skip(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#over.resolve()
  }
}
