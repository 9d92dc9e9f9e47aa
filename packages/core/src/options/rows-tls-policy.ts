import { dhParameters } from './dh-parameters-kind.ts'
import { duration } from './duration.ts'
import { oneOf, text } from './kinds.ts'
import { option } from './option-row.ts'

/** What is negotiated, and how long it may take. */
export const tlsPolicyRows = {
  'tls.profile': option({
    kind: oneOf(['modern', 'intermediate', 'old']),
    default: 'intermediate',
    flags: ['--tls-profile'],
    group: 'tls',
    summary: 'Which clients are served: what holds wherever versions, ciphers and groups are not set.',
    description:
      "Mozilla's three configurations. `modern` speaks TLS 1.3 alone; `intermediate` also TLS 1.2, always with forward secrecy; `old` adds ciphers for clients that are ten years old and more, some of them without forward secrecy, and is warned of. Also under `old`, TLS 1.0 and 1.1 are not spoken: RFC 8996 forbids them, and OpenSSL 3 would have to lower its security level for everybody. The order of preference is the server's. An option that is set wins over the profile.",
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.groups': option({
    kind: text('names of key exchange groups, with colons between', '<list>'),
    default: null,
    flags: ['--tls-groups'],
    group: 'tls',
    summary: 'The groups for the key exchange, in order of preference.',
    description:
      "OpenSSL's names, such as `X25519MLKEM768:X25519:P-256:P-384`, which is the list of each profile: the first is hybrid and withstands quantum computers, and is left out where OpenSSL lacks it (Node before 22.20). A name that OpenSSL does not know is an error.",
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.sigalgs': option({
    kind: text('names of signature algorithms, with colons between', '<list>'),
    default: null,
    flags: ['--tls-sigalgs'],
    group: 'tls',
    summary: 'The signature algorithms that are used and accepted, in order of preference.',
    description:
      "OpenSSL's names or those of RFC 8446, such as `ECDSA+SHA256:RSA-PSS+SHA256`. It holds for the server's own signature and for that of a client certificate. Unset, it is OpenSSL's list. A name that OpenSSL does not know is an error, and so is a list by which a configured key can't sign.",
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.dhparam': option({
    kind: dhParameters,
    default: null,
    flags: ['--tls-dhparam'],
    group: 'tls',
    summary: 'Parameters of finite-field Diffie-Hellman, for old clients of TLS 1.2.',
    description:
      '`auto` takes a well-known group of OpenSSL that fits the size of the key; else a path or PEM text with 2048 bits or more. Unset, ciphers whose names begin with DHE are not offered; set, the profile has them. They need a certificate with an RSA key.',
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.handshakeTimeout': option({
    kind: duration(),
    default: '10s',
    flags: ['--tls-handshake-timeout'],
    group: 'tls',
    summary: 'How long a TLS handshake may take, from the first byte of the connection on.',
    description:
      "A client that stays silent, or sends its part drop by drop, is cut off then. Node's own default is two minutes, long enough to be a cheap attack.",
    takesEffect: 'reload',
    station: 'serve',
  }),
}
