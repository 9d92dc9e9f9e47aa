const lineFeed = 0x0a
const smallest = 1_024

/**
 * Puts lines together from pieces of a stream that a stranger writes. A line of more than `longest` bytes is never kept: `push()` throws
 * a `RangeError`, and what comes later makes no sense any more.
 */
export class BoundedLines {
  readonly #longest: number
  /** The beginning of a line. It grows by doubling, so that a stream of single bytes costs no more than one of large pieces. */
  #begun = Buffer.alloc(0)
  #length = 0

  constructor({ longest }: { longest: number }) {
    this.#longest = longest
  }

  /** Returns the lines that these bytes complete. */
  push(bytes: Buffer): readonly string[] {
    const lines: string[] = []
    let from = 0
    for (;;) {
      const end = bytes.indexOf(lineFeed, from)
      if (end < 0) break
      const rest = bytes.subarray(from, end)
      this.#checkLength(rest.length)
      const line = this.#length === 0 ? rest : Buffer.concat([this.#begun.subarray(0, this.#length), rest])
      lines.push(line.toString())
      this.#length = 0
      from = end + 1
    }
    this.#keep(bytes.subarray(from))
    return lines
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) {
      if (this.#length === 0) this.#begun = Buffer.alloc(0)
      return
    }
    this.#checkLength(bytes.length)
    const length = this.#length + bytes.length
    if (length > this.#begun.length) {
      const larger = Buffer.alloc(Math.max(smallest, Math.min(this.#longest, length * 2)))
      this.#begun.copy(larger, 0, 0, this.#length)
      this.#begun = larger
    }
    bytes.copy(this.#begun, this.#length)
    this.#length = length
  }

  #checkLength(more: number): void {
    if (this.#length + more > this.#longest)
      throw new RangeError(`a line of more than ${this.#longest} bytes`)
  }
}
