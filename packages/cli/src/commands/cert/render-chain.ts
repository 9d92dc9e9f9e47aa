import type { CertificateFacts, ChainFinding, KnownRoot, ServedConnection } from '@lockstep/certs'
import { visibleFacts } from '@lockstep/core/internal'
import { columns } from '../../render/columns.ts'
import { doneLine, warningLine, wrongLine } from '../../render/result-lines.ts'
import { renderCertificates } from './render-certificates.ts'

export interface ChainReport {
  readonly connection: ServedConnection | null
  readonly certificates: readonly CertificateFacts[]
  readonly findings: readonly ChainFinding[]
  readonly root: { readonly subject: string; readonly trustedBy: KnownRoot['trustedBy'] } | null
}

/** A chain as a person reads it: each certificate, how it was served, and what a client would say of it. */
export function renderChain(report: ChainReport): string {
  // Of certificates that others have made.
  const { connection, certificates, findings, root } = visibleFacts(report)
  const isWrong = findings.some(({ severity }) => severity === 'wrong')
  return [
    renderCertificates(certificates),
    ...(connection ? [`${columns(connectionRows(connection))}\n`] : []),
    [
      ...findings.map((finding) => renderFinding(finding, certificates.length)),
      ...(root && !isWrong
        ? [doneLine(`Complete: it ends in ${root.subject}, ${trust[root.trustedBy]}.`)]
        : []),
    ].join(''),
  ]
    .filter(Boolean)
    .join('\n')
}

const trust: Readonly<Record<KnownRoot['trustedBy'], string>> = {
  given: 'which --ca names',
  machine: 'which this machine trusts',
  public: 'a public root that comes with Node',
  'local CA': 'the local CA of this user',
}

function connectionRows({ protocol, cipher, group, alpn }: ServedConnection): [string, string][] {
  return [
    ['protocol', protocol],
    ['cipher', cipher],
    ['group', group ?? '(unknown)'],
    ['ALPN', alpn ?? '(none)'],
  ]
}

function renderFinding({ severity, certificate, message }: ChainFinding, count: number): string {
  const which = certificate !== null && count > 1 ? `Certificate ${certificate}: ` : ''
  return severity === 'wrong' ? wrongLine(`${which}${message}`) : warningLine(`${which}${message}`)
}
