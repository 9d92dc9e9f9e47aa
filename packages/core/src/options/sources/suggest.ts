import leven from 'leven'

/** The known name that is nearest to a misspelt one, if any is near enough to be meant. */
export function suggest(given: string, known: Iterable<string>): string | undefined {
  const wanted = given.toLowerCase()
  let best: { name: string; distance: number } | undefined
  for (const name of known) {
    const distance = leven(wanted, name.toLowerCase(), { maxDistance: 4 })
    // Swapped letters are one slip of the fingers, but two edits.
    const allowed = sorted(wanted) === sorted(name) ? 2 : Math.max(1, Math.floor(wanted.length / 3))
    if (distance <= allowed && distance < (best?.distance ?? 4)) best = { name, distance }
  }
  return best?.name
}

const sorted = (text: string): string => [...text.toLowerCase()].sort().join('')

/** Completes a hint: `Did you mean --port?`, or where to look. */
export function suggestion(given: string, known: Iterable<string>, otherwise: string): string {
  const name = suggest(given, known)
  return name === undefined ? otherwise : `Did you mean ${name}? ${otherwise}`
}
