/** An example in an answer of the tables, such as `{1600}` or `{300M}`, in the place where a value of the user can be. */
const example = /\{(\d+)([KMG]?)\}/g

/** The answer with the user's own value, where it is a whole number above 0 with or without a unit, as the example is. */
export function withValue(text: string, value: unknown): string {
  const own = /^[1-9]\d*([KMG]?)$/.exec(String(value))
  return text.replaceAll(example, (_, number: string, unit: string) =>
    own && (own[1] === '') === (unit === '') ? own[0] : `${number}${unit}`,
  )
}
