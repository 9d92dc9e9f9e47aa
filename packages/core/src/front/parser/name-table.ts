/** How many names a table remembers. Clients choose names, so there must be a limit. */
const mostNames = 1_024
const longestName = 64

const token = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/

/**
 * Says what becomes of a field by its name, in any case. A name that isn't a token (RFC 9110 section 5.1) is `invalid`. The answers for names in the
 * spelling that came are remembered: almost all messages have the same names.
 */
export function nameTable<Kind extends string>(
  kindOf: (lowerCase: string) => Kind,
): (name: string) => Kind | 'invalid' {
  const known = new Map<string, Kind | 'invalid'>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const kind = token.test(name) ? kindOf(name.toLowerCase()) : 'invalid'
    // A copy: the name may be a slice, which would keep the message that it was cut from.
    if (known.size < mostNames && name.length <= longestName)
      known.set(Buffer.from(name, 'latin1').toString('latin1'), kind)
    return kind
  }
}

/** What may not be in the value of a field: RFC 9110 section 5.5. */
export const invalidInValue: RegExp = /[^\t\x20-\x7e\x80-\xff]/

/** The options in the value of `Connection`, in lower case: RFC 9110 section 7.6.1. */
export function connectionOptions(value: string): string[] {
  return value
    .toLowerCase()
    .split(',')
    .map((option) => option.trim())
    .filter((option) => option !== '')
}
