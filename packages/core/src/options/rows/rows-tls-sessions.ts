import { duration } from '../kinds/duration.ts'
import type { Kind } from '../kinds/kind.ts'
import { toggle } from '../kinds/kinds.ts'
import { zodSchema } from '../kinds/zod-schema.ts'
import { option } from '../option-row.ts'

const spans = duration()

/** A ticket counts in seconds (RFC 8446 section 4.6.1). */
const sessionLifetime: Kind<number | string, number> = {
  ...spans,
  expects: 'whole seconds up to 24h, such as 30s, 5m or 1h (a bare number is seconds)',
  schema: zodSchema(spans.schema).refine((ms) => ms % 1_000 === 0),
}

/** How a client comes back without a full handshake. */
export const tlsSessionRows = {
  'tls.sessionTickets': option({
    kind: toggle,
    default: true,
    flags: ['--tls-session-tickets'],
    group: 'tls',
    summary: 'Let clients resume a session instead of doing a full handshake.',
    description:
      'By tickets, which every worker accepts. Without them each connection is a full handshake, in which the client shows its certificate again: there is no other kind of resumption.',
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.sessionTimeout': option({
    kind: sessionLifetime,
    default: '5m',
    flags: ['--tls-session-timeout'],
    group: 'tls',
    summary: 'Time for which a session may be resumed.',
    description:
      'A resumed session keeps the verdict on the client certificate of its first handshake, so a revoked client may come back for this long. At most 24 hours; RFC 8446 allows seven days.',
    takesEffect: 'reload',
    station: 'serve',
  }),
}
