import { StringDecoder } from 'node:string_decoder'

/** In UTF-16 code units. A longer line comes in pieces of this length. */
const longestLine = 16_384

/**
 * Cuts what a program writes into lines, without their ends (`\n`, `\r\n`). A line that was drawn again and again behind a lone `\r`, as a progress
 * bar is, counts as it was drawn last. Bytes that are not UTF-8 become U+FFFD.
 */
export class OutputLines {
  readonly #onLine: (line: string) => void
  readonly #decoder = new StringDecoder('utf8')
  #begun = ''

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine
  }

  push(bytes: Buffer): void {
    this.#add(this.#decoder.write(bytes))
  }

  /** The program writes nothing more: its last line may lack an end. */
  end(): void {
    this.#add(this.#decoder.end())
    const rest = this.#begun
    this.#begun = ''
    if (rest !== '') this.#emit(rest)
  }

  #add(text: string): void {
    const [first = '', ...others] = text.split('\n')
    this.#begin(first)
    for (const other of others) {
      this.#emit(this.#begun)
      this.#begun = ''
      this.#begin(other)
    }
  }

  #begin(text: string): void {
    this.#begun += text
    while (this.#begun.length > longestLine) {
      const end = lengthOfPiece(this.#begun)
      this.#emit(this.#begun.slice(0, end))
      this.#begun = this.#begun.slice(end)
    }
  }

  #emit(line: string): void {
    const whole = line.endsWith('\r') ? line.slice(0, -1) : line
    this.#onLine(whole.slice(whole.lastIndexOf('\r') + 1))
  }
}

/** A character of two code units is not cut. */
function lengthOfPiece(text: string): number {
  const last = text.charCodeAt(longestLine - 1)
  return last >= 0xd800 && last <= 0xdbff ? longestLine - 1 : longestLine
}
