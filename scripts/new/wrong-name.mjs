/** A name that can't be used, with the cure. The command prints it without a stack. */
export class WrongName extends Error {
  constructor(message, cure) {
    super(`${message}\n  → ${cure}`)
  }
}
