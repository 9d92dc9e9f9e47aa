import { isDeeper, isInternal, mostLevels } from '../../../app/message-limits.ts'

/** Returns what an app sent by `process.send()`, or `null` for a message between Node and Node. Throws an `Error` that says what is wrong. */
export function readAppLine(line: string): { readonly message: unknown } | null {
  // Most of all: Node acknowledges each socket.
  if (line.startsWith('{"cmd":"NODE_')) return null
  const message = parseJson(line)
  if (isInternal(message)) return null
  if (isDeeper(message, mostLevels))
    throw new Error(`a message of the app with more than ${mostLevels} levels`)
  return { message }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new Error('a line that is not JSON')
  }
}
