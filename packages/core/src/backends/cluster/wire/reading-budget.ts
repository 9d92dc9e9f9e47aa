/** What is read of one worker in a second. A line costs more than its bytes. */
const bytesPerSecond = 16 * 1_024 * 1_024
const lineBytes = 256

/**
 * Bounds the time that the primary spends on what one worker writes. Above its budget nothing is read for a while: then the worker's
 * writes wait, in the system and in that worker, and not in the primary.
 */
export class ReadingBudget {
  readonly #pause: () => void
  readonly #resume: () => void
  #left = bytesPerSecond
  #at = performance.now()
  #timer: NodeJS.Timeout | undefined

  constructor({ pause, resume }: { pause: () => void; resume: () => void }) {
    this.#pause = pause
    this.#resume = resume
  }

  spend({ bytes, lines }: { bytes: number; lines: number }): void {
    const now = performance.now()
    this.#left = Math.min(bytesPerSecond, this.#left + ((now - this.#at) / 1_000) * bytesPerSecond)
    this.#at = now
    this.#left -= bytes + lines * lineBytes
    if (this.#left >= 0 || this.#timer) return
    this.#pause()
    const waitMs = (-this.#left / bytesPerSecond) * 1_000
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#resume()
    }, waitMs)
  }

  /** Reads on without a bound. */
  stop(): void {
    if (!this.#timer) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#resume()
  }
}
