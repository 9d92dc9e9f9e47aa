import { parseAnswerLine } from './answer-schema.ts'
import { answerLimits } from './control-limits.ts'
import type { ToldLine, VerbName, VerbResults } from './control-messages.ts'

/**
 * The lines of an answer, one after the other. Throws when one of them is too long or is not what this version expects: the server
 * may be another version, broken, or hostile.
 */
export async function* readAnswer<Verb extends VerbName>(
  answer: AsyncIterable<Uint8Array>,
  verb: Verb,
): AsyncGenerator<ToldLine<VerbResults[Verb]>> {
  let waiting: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer) {
    let rest = Buffer.from(chunk)
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      yield parseAnswerLine(Buffer.concat([...waiting, rest.subarray(0, end)]).toString(), verb)
      rest = rest.subarray(end + 1)
      waiting = []
      bytes = 0
    }
    bytes += rest.length
    if (bytes > answerLimits.lineBytes)
      throw new Error(`a line of its answer is longer than ${answerLimits.lineBytes} bytes`)
    if (rest.length > 0) waiting.push(rest)
  }
}
