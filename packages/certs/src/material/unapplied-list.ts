import { type Der, derChildren, derTags, objectIdentifier, readDer } from './der.ts'

/**
 * Why OpenSSL, as Node uses it, would not apply a revocation list: its critical extensions limit it in a way that Node can't
 * switch on. `null` when it applies the list. RFC 5280 section 5.2: such a list must not be used to find the status of a certificate.
 */
export function unappliedList(der: Uint8Array): string | null {
  const [signed] = derChildren(readDer(der))
  const fields = signed ? derChildren(signed) : []
  const last = fields.at(-1)
  const extensions = last?.tag === derTags.context0 ? extensionsOf(derChildren(last)[0]) : []
  for (const { id, critical, value } of extensions) {
    const said =
      id === issuingDistributionPoint
        ? limitOf(value)
        : id === deltaIndicator
          ? delta
          : critical
            ? unknown(id)
            : null
    if (said !== null) return said
  }
  return entriesOf(fields).some(hasCriticalExtension)
    ? 'it names another issuer for some of its entries, or has another critical extension in one (RFC 5280 section 5.3)'
    : null
}

const deltaIndicator = '2.5.29.27'
const issuingDistributionPoint = '2.5.29.28'
const delta =
  'it is a delta list, which says only what has changed since another one (RFC 5280 section 5.2.4)'

function unknown(id: string): string {
  return `it has the critical extension ${id}, which OpenSSL does not know`
}

/** RFC 5280 section 5.2.5: each field that is there limits what the list says. */
function limitOf(value: Uint8Array): string {
  const found = derChildren(readDer(value)).map(({ tag }) => limits[tag & 0x1f])
  const names = found.flatMap((name) => name ?? [])
  return `it covers a part of what the CA has issued (${names.join(', ') || 'issuingDistributionPoint'}; RFC 5280 section 5.2.5)`
}

const limits = [
  'distributionPoint',
  'onlyContainsUserCerts',
  'onlyContainsCACerts',
  'onlySomeReasons',
  'indirectCRL',
  'onlyContainsAttributeCerts',
]

interface Extension {
  readonly id: string
  readonly critical: boolean
  readonly value: Uint8Array
}

function extensionsOf(list: Pick<Der, 'content'> | undefined): Extension[] {
  return (list ? derChildren(list) : []).map((extension) => {
    const parts = derChildren(extension)
    const [id] = parts
    return {
      id: id ? objectIdentifier(id) : '',
      critical: parts.some(({ tag, content }) => tag === derTags.boolean && content[0] !== 0),
      value: parts.at(-1)?.content ?? new Uint8Array(),
    }
  })
}

/** The revoked certificates: the sequence behind the dates. */
function entriesOf(fields: readonly Der[]): Der[] {
  const firstDate = fields.findIndex(({ tag }) => tag === 0x17 || tag === 0x18)
  const revoked = fields.slice(firstDate).find(({ tag }) => tag === derTags.sequence)
  return revoked ? derChildren(revoked) : []
}

function hasCriticalExtension(entry: Der): boolean {
  return extensionsOf(derChildren(entry)[2]).some(({ critical }) => critical)
}
