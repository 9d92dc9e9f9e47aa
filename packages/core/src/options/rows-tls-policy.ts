import { duration } from './duration.ts'
import { option } from './option-row.ts'

/** What is negotiated, and how long it may take. */
export const tlsPolicyRows = {
  'tls.handshakeTimeout': option({
    kind: duration(),
    default: '10s',
    flags: ['--tls-handshake-timeout'],
    group: 'tls',
    summary: 'How long a TLS handshake may take, from the first byte of the connection on.',
    description:
      "A client that stays silent, or sends its part drop by drop, is cut off then. Node's own default is two minutes, long enough to be a cheap attack.",
    takesEffect: 'start',
    station: 'serve',
  }),
}
