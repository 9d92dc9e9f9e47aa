import type { SerialisedFault } from '../../../errors/serialise-error.ts'

const longestText = 8_000
const mostCharacters = 100_000

/** Faults as a worker may send them. The texts are those of an app, so they can have any length. */
export function boundFaults(faults: readonly SerialisedFault[]): readonly SerialisedFault[] {
  const bounded = faults.map((fault) => cutTexts(fault))
  let left = mostCharacters
  return bounded.filter((fault, index) => {
    left -= JSON.stringify(fault).length
    return index === 0 || left > 0
  })
}

/** Texts at any depth. */
function cutTexts<Value>(value: Value): Value {
  if (typeof value === 'string') return value.slice(0, longestText) as Value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cutTexts(inner)])) as Value
}
