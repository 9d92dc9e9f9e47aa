/** Each value of each field by itself, as `headersDistinct` of Node's requests has them. */
export function distinctFields(raw: readonly string[]): NodeJS.Dict<string[]> {
  const fields = Object.create(null) as NodeJS.Dict<string[]>
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] as string).toLowerCase()
    const values = fields[name]
    if (values) values.push(raw[index + 1] as string)
    else fields[name] = [raw[index + 1] as string]
  }
  return fields
}
