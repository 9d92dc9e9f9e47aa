import { duration } from '../duration.ts'
import type { Kind } from '../kind.ts'
import { zodSchema } from '../zod-schema.ts'

const spans = duration()

/** A ticket counts in seconds (RFC 8446 section 4.6.1). */
export const sessionLifetime: Kind<number | string, number> = {
  ...spans,
  expects: 'whole seconds up to 24h, such as 30s, 5m or 1h (a bare number is seconds)',
  schema: zodSchema(spans.schema).refine((ms) => ms % 1_000 === 0),
}
