/**
 * The fields in whatever form an app hands them over: an object, pairs, a flat list of names and values, a `Map` or `Headers`. Throws for
 * anything else.
 */
export function givenFields(given: unknown): [name: string, value: unknown][] {
  if (Array.isArray(given)) return fromList(given)
  if (typeof given !== 'object' || given === null) throw invalid(given)
  if (Symbol.iterator in given) return [...(given as Iterable<[string, unknown]>)]
  return Object.entries(given)
}

function fromList(list: readonly unknown[]): [string, unknown][] {
  if (Array.isArray(list[0])) return list.map((pair) => pair as [string, unknown])
  if (list.length % 2 !== 0) throw invalid(list)
  const pairs: [string, unknown][] = []
  for (let index = 0; index < list.length; index += 2) pairs.push([list[index] as string, list[index + 1]])
  return pairs
}

function invalid(given: unknown): TypeError {
  return Object.assign(new TypeError(`The argument 'headers' is invalid. Received ${typeof given}`), {
    code: 'ERR_INVALID_ARG_VALUE',
  })
}
