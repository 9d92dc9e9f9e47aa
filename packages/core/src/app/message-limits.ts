/** The maximum size of a message of an app as JSON, in bytes. */
export const longestMessage = 1_024 * 1_024

/** The maximum depth of a message: a listener could not write a deeper one as JSON again. */
export const mostLevels = 200

/** As Node decides it: messages with such a `cmd` are between Node and Node, and reach no listener. */
export function isInternal(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    'cmd' in message &&
    typeof message.cmd === 'string' &&
    /^NODE_./.test(message.cmd)
  )
}

export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  return Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}
