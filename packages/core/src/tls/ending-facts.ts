import type { X509Certificate } from 'node:crypto'
import type { RevocationListFacts } from '@lockstep/certs'
import { isSelfSigned, readPemBlocks } from '@lockstep/certs/judge'
import { nodeCrypto } from '../platform/node/node-crypto.ts'
import { leafFacts } from './material/read-chain.ts'
import type { EndingFacts, PlannedChain } from './planned-tls.ts'

/** What is in use beside the leaves, and ends: each once. */
export function endingFacts({
  chains,
  authorities,
  lists,
  now,
}: {
  chains: readonly PlannedChain[]
  authorities: readonly X509Certificate[]
  lists: readonly RevocationListFacts[]
  now: Date
}): EndingFacts[] {
  const issuers = chains.flatMap(({ cert }) => {
    const reading = readPemBlocks(cert)
    const all =
      reading.kind === 'blocks'
        ? reading.blocks.map(({ pem }) => new (nodeCrypto().X509Certificate)(pem))
        : []
    // A root is sent for nothing, and there already is another warning about an expired one.
    return all.slice(1).filter((certificate) => !isSelfSigned(certificate) && certificate.validToDate > now)
  })
  const all: EndingFacts[] = [
    ...issuers.map((certificate) => ({ ...leafFacts(certificate), role: 'intermediate' as const })),
    ...authorities.map((certificate) => ({ ...leafFacts(certificate), role: 'client CA' as const })),
    ...lists.flatMap((list) => listFacts(list)),
  ]
  return [...new Map(all.map((facts) => [facts.role + facts.fingerprint256, facts])).values()]
}

function listFacts({ issuer, thisUpdate, nextUpdate, pem }: RevocationListFacts): EndingFacts[] {
  if (nextUpdate === null) return []
  const digest = nodeCrypto().createHash('sha256').update(pem).digest('hex').toUpperCase()
  return [
    {
      role: 'revocation list',
      fingerprint256: digest.match(/../g)?.join(':') ?? '',
      subject: issuer,
      issuer,
      notBefore: thisUpdate,
      notAfter: nextUpdate,
      hosts: [],
      selfSigned: false,
    },
  ]
}
