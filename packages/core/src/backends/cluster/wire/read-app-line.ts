/** A message of an app, as JSON, has at most so many characters. */
export const longestAppMessage = 1_024 * 1_024

/** And so many levels: what is deeper could not be written as JSON again by a listener of the primary. */
const deepest = 200

/** Returns what an app sent by `process.send()`, or `null` for a message between Node and Node. Throws an `Error` that says what is wrong. */
export function readAppLine(line: string): { readonly message: unknown } | null {
  // Most of all: Node acknowledges each socket.
  if (line.startsWith('{"cmd":"NODE_')) return null
  const message = parseJson(line)
  if (isInternal(message)) return null
  if (isTooDeep(message)) throw new Error(`a message of the app with more than ${deepest} levels`)
  return { message }
}

/** As Node decides it: messages with such a `cmd` reach no listener. */
export function isInternal(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    'cmd' in message &&
    typeof message.cmd === 'string' &&
    /^NODE_./.test(message.cmd)
  )
}

export function isTooDeep(value: unknown, levels = deepest): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  return Object.values(value).some((inner) => isTooDeep(inner, levels - 1))
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new Error('a line that is not JSON')
  }
}
