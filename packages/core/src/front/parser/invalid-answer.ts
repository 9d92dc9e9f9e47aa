/** What an upstream has sent is not an HTTP/1.1 response, or an ambiguous one. The message is for the log. */
export class InvalidAnswer extends Error {
  override readonly name = 'InvalidAnswer'
}
