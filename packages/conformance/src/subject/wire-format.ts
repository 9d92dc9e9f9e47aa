/** Messages between the suite and a subject's process: one line of JSON each, with bytes as Base64. */
export function encodeMessage(message: unknown): string {
  return `${JSON.stringify(message, (_key, value: unknown) => {
    // A Buffer has turned itself into this form by the time it gets here.
    if (isBufferJson(value)) return { $bytes: Buffer.from(value.data).toString('base64') }
    return value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString('base64') } : value
  })}\n`
}

export function decodeMessage(line: string): unknown {
  return JSON.parse(line, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && '$bytes' in value
      ? Buffer.from(String(value.$bytes), 'base64')
      : value,
  )
}

function isBufferJson(value: unknown): value is { data: number[] } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer'
}
