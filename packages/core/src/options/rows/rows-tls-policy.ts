import { duration } from '../kinds/duration.ts'
import type { Kind } from '../kinds/kind.ts'
import { oneOf, pem, text } from '../kinds/kinds.ts'
import { option } from '../option-row.ts'

const file = pem('Diffie-Hellman parameters')

/** PEM material, or `auto`: OpenSSL's own well-known groups, by the size of the certificate's key. */
const dhParameters: Kind<string | Uint8Array, string | Uint8Array> = {
  ...file,
  placeholder: '<path|auto>',
  expects: 'auto, the path of Diffie-Hellman parameters, or their PEM text',
  anchor: (value, directory) => (value === 'auto' ? value : (file.anchor?.(value, directory) ?? value)),
}

/** What is negotiated, and how long it may take. */
export const tlsPolicyRows = {
  'tls.profile': option({
    kind: oneOf(['modern', 'intermediate', 'old']),
    default: 'intermediate',
    flags: ['--tls-profile'],
    group: 'tls',
    summary: 'Preset for TLS versions, ciphers and groups; explicit settings override it.',
    description:
      "Mozilla's three configurations. `modern` serves only TLS 1.3. `intermediate` adds TLS 1.2, always with forward secrecy. `old` adds ciphers for clients that are ten years old and more, some of them without forward secrecy, and the launch warns of it. No profile serves TLS 1.0 or 1.1: RFC 8996 forbids them, and OpenSSL 3 would have to lower its security level for every client. The server's order of preference is used.",
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.groups': option({
    kind: text('names of key exchange groups, separated by colons', '<list>'),
    default: null,
    flags: ['--tls-groups'],
    group: 'tls',
    summary: 'Groups for the key exchange, in order of preference.',
    description:
      "OpenSSL's names, such as `X25519MLKEM768:X25519:P-256:P-384`, which is the list of each profile. The first one is hybrid and resists quantum computers; it is left out where OpenSSL lacks it (Node before 22.20). A name that OpenSSL does not know is an error.",
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.sigalgs': option({
    kind: text('names of signature algorithms, separated by colons', '<list>'),
    default: null,
    flags: ['--tls-sigalgs'],
    group: 'tls',
    summary: 'Signature algorithms to use and accept, in order of preference.',
    description:
      "OpenSSL's names or those of RFC 8446, such as `ECDSA+SHA256:RSA-PSS+SHA256`. The list applies to the server's own signature and to that of a client certificate. Unset, it is OpenSSL's list. A name that OpenSSL does not know is an error, and so is a list by which a configured key can't sign.",
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
      '`auto` uses a well-known group of OpenSSL that fits the size of the key. Otherwise a path or PEM text with 2048 bits or more. Unset, ciphers whose names begin with DHE are not offered; set, the profile includes them. They need a certificate with an RSA key.',
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.handshakeTimeout': option({
    kind: duration(),
    default: '10s',
    flags: ['--tls-handshake-timeout'],
    group: 'tls',
    summary: 'Time a TLS handshake may take, from the first byte of the connection.',
    description:
      "After that, the connection is closed. Node's own default is two minutes, which makes slow handshakes a cheap attack.",
    takesEffect: 'reload',
    station: 'serve',
  }),
}
