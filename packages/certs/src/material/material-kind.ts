import { type Der, derChildren, derTags, objectIdentifier, readDer } from './der.ts'

/** The real kind of a file that is not the required PEM text, and how to convert it. */
export interface MaterialKind {
  /** With its article: `a private key in DER`. */
  readonly name: string
  /** A command, where `FILE` stands for the file; or what else to do. */
  readonly cure: string
}

/** Recognises bytes by their beginning; `null` if it is unknown. */
export function materialKind(bytes: Uint8Array): MaterialKind | null {
  if (bytes[0] === derTags.sequence) return kindOfDer(bytes)
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex')
  const known = magics.find(([start]) => magic.startsWith(start))
  if (known) return known[1]
  const text = Buffer.from(bytes.subarray(0, 4_096))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
  const label = /^-----BEGIN ([A-Z0-9 ]+)-----/m.exec(text)?.[1]
  return (
    (label === undefined ? undefined : labels[label]) ??
    texts.find(([start]) => start.test(text))?.[1] ??
    null
  )
}

const java = (name: string): MaterialKind => ({
  name,
  cure: 'keytool -importkeystore -srckeystore FILE -destkeystore new.p12 -deststoretype PKCS12, and name new.p12 with --tls-pfx',
})

const magics: readonly (readonly [string, MaterialKind])[] = [
  ['feedfeed', java('a keystore of Java (JKS)')],
  ['cececece', java('a keystore of Java (JCEKS)')],
  ['1f8b', { name: 'an archive by gzip', cure: 'Unpack it: gzip -d FILE' }],
  ['504b0304', { name: 'a ZIP archive', cure: 'Unpack it, and name the file inside.' }],
]

const pkcs7 = (form: 'PEM' | 'DER'): MaterialKind => ({
  name: `a PKCS#7 file (p7b) in ${form}`,
  cure: `openssl pkcs7 -inform ${form} -in FILE -print_certs -out chain.pem`,
})

/** Blocks that contain anything other than a certificate, a list or a key for TLS. */
const labels: Readonly<Record<string, MaterialKind>> = {
  PKCS7: pkcs7('PEM'),
  CMS: pkcs7('PEM'),
  'CERTIFICATE REQUEST': {
    name: 'a certificate request',
    cure: 'Send it to a CA, and name the certificate that comes back.',
  },
  'NEW CERTIFICATE REQUEST': {
    name: 'a certificate request',
    cure: 'Send it to a CA, and name the certificate that comes back.',
  },
  'PUBLIC KEY': { name: 'a public key', cure: 'Name the private key, or the certificate.' },
  'RSA PUBLIC KEY': { name: 'a public key', cure: 'Name the private key, or the certificate.' },
  'OPENSSH PRIVATE KEY': {
    name: 'a private key in the format of OpenSSH',
    cure: 'cp FILE key.pem; ssh-keygen -p -m PEM -f key.pem (an Ed25519 key has no other form there: make a new one)',
  },
  'PGP PRIVATE KEY BLOCK': {
    name: 'a key of PGP',
    cure: 'TLS needs an X.509 certificate and its private key.',
  },
  'PGP PUBLIC KEY BLOCK': {
    name: 'a key of PGP',
    cure: 'TLS needs an X.509 certificate and its private key.',
  },
}

const texts: readonly (readonly [RegExp, MaterialKind])[] = [
  [
    /^PuTTY-User-Key-File/,
    {
      name: 'a private key of PuTTY',
      cure: 'puttygen FILE -O private-openssh -o key; ssh-keygen -p -m PEM -f key',
    },
  ],
  [
    /^---- BEGIN SSH2|^(?:ssh-|ecdsa-sha2-)/,
    { name: 'a public key of SSH', cure: 'Name the private key, or the certificate.' },
  ],
  [
    /^<(?:!doctype|html|\?xml)/i,
    { name: 'a page of HTML or XML', cure: 'The download returned another page instead of the file.' },
  ],
  [
    /^MI[A-Za-z0-9+/\s]{60,}={0,2}\s*$/,
    {
      name: 'Base64 without its boundaries',
      cure: 'Put -----BEGIN CERTIFICATE----- (or PRIVATE KEY) and the matching END around it, or decode it: base64 -d FILE',
    },
  ],
]

/** By the first fields of each structure: RFC 5280, 7292, 5652, 5958, 8017 and 5915. */
function kindOfDer(bytes: Uint8Array): MaterialKind {
  const unknown: MaterialKind = {
    name: 'binary, in DER or BER',
    cure: 'openssl asn1parse -inform DER -in FILE shows what it is.',
  }
  try {
    const whole = readDer(bytes)
    const several = bytes.length > whole.length && bytes[whole.length] === derTags.sequence
    const [first, second, third] = derChildren(whole)
    if (!first) return unknown
    if (first.tag === derTags.integer) return kindByVersion(first, second)
    if (first.tag === derTags.objectIdentifier) return pkcs7('DER')
    if (first.tag === derTags.sequence && third === undefined) return kindOfPair(first, second)
    if (first.tag === derTags.sequence && third) return kindOfSigned(first, several)
    return unknown
  } catch {
    return { ...unknown, name: 'binary in DER or BER, and cut off or not to be parsed' }
  }
}

const keyInDer: MaterialKind = {
  name: 'a private key in DER',
  cure: 'openssl pkey -inform DER -in FILE -out key.pem',
}

function kindByVersion({ content: [version] }: Der, second: Der | undefined): MaterialKind {
  if (version === 3)
    return {
      name: 'a PKCS#12 file (pfx)',
      cure: 'Name it with --tls-pfx instead of --tls-cert and --tls-key.',
    }
  return second?.tag === derTags.integer || version === 0 || version === 1
    ? keyInDer
    : { ...keyInDer, name: 'a key in DER' }
}

function kindOfPair(first: Der, second: Der | undefined): MaterialKind {
  if (second?.tag === derTags.bitString)
    return { name: 'a public key in DER', cure: 'Name the private key, or the certificate.' }
  const [algorithm] = derChildren(first)
  return algorithm?.tag === derTags.objectIdentifier
    ? {
        name: 'an encrypted private key in DER',
        cure: 'openssl pkcs8 -inform DER -in FILE -topk8 -v2 aes-256-cbc -out key.pem',
      }
    : { name: 'binary in DER', cure: 'openssl asn1parse -inform DER -in FILE shows what it is.' }
}

/** What is signed: a certificate has its version or its serial number first, and its validity as a sequence. */
function kindOfSigned(first: Der, several: boolean): MaterialKind {
  const fields = derChildren(first)
  const [version] = fields
  if (
    version?.tag === derTags.context0 ||
    (fields.length >= 6 && fields[4]?.tag === derTags.sequence && fields[3]?.tag === derTags.sequence)
  )
    return several
      ? {
          name: 'several certificates in DER, one after the other',
          cure: 'Convert each of them (openssl x509 -inform DER -in ONE -out ONE.pem) and put them into one file, the leaf first.',
        }
      : { name: 'a certificate in DER', cure: 'openssl x509 -inform DER -in FILE -out cert.pem' }
  const isRequest = fields.some(({ tag }) => tag === derTags.context0)
  if (
    isRequest &&
    version?.tag === derTags.integer &&
    fields[1]?.tag === derTags.sequence &&
    fields.length <= 4
  )
    return {
      name: 'a certificate request in DER',
      cure: 'Send it to a CA, and name the certificate that comes back.',
    }
  return {
    name: 'a revocation list in DER',
    cure: 'openssl crl -inform DER -in FILE -out list.pem, and name it with --tls-crl',
  }
}

/** The object identifier of an algorithm that protects an encrypted key (RFC 5958 section 3); `null` when there is none. */
export function keyEncryption(
  der: Uint8Array,
): { readonly scheme: string; readonly cipher: string | null } | null {
  try {
    const [algorithm] = derChildren(readDer(der))
    const [scheme, parameters] = algorithm ? derChildren(algorithm) : []
    if (scheme?.tag !== derTags.objectIdentifier) return null
    const name = objectIdentifier(scheme)
    if (name !== '1.2.840.113549.1.5.13' || !parameters) return { scheme: name, cipher: null }
    const [, encryption] = derChildren(parameters)
    const [cipher] = encryption ? derChildren(encryption) : []
    return { scheme: name, cipher: cipher ? objectIdentifier(cipher) : null }
  } catch {
    return null // Not such a structure.
  }
}
