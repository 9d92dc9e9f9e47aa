export { type Authority, createAuthority } from './authority/authority.ts'
export {
  type CertificateRequest,
  type IssuedCertificate,
  issueCertificate,
} from './authority/issue-certificate.ts'
export type { KeyType } from './authority/key-types.ts'
export { leafValidity, longestLeafDays } from './authority/leaf-validity.ts'
export {
  type LocalAuthority,
  localAuthorityFiles,
  readLocalAuthority,
  readOrCreateLocalAuthority,
} from './authority/local-authority.ts'
export { type LocalCertificate, readOrIssueLocalCertificate } from './authority/local-certificate.ts'
export { isPrivateName, privateNames } from './authority/name-constraints.ts'
export {
  nssQueryCommand,
  nssTrustCommand,
  type SystemStore,
  systemTrustCommands,
  type TrustAction,
  type TrustCommand,
  type TrustedRoot,
} from './authority/trust-commands.ts'
export { writeAtomically } from './authority/write-atomically.ts'
export { CertificateError, type CertificateFault } from './certificate-error.ts'
export type { ChainFinding } from './chain/chain-finding.ts'
export { readDhParameters } from './crypto/read-dh-parameters.ts'
export { type CertificateFacts, certificateFacts } from './inspect/certificate-facts.ts'
export { inspectCertificate, readCertificateFile } from './inspect/inspect-file.ts'
export { inspectRevocationList, type RevocationListFacts } from './inspect/inspect-revocation-list.ts'
export { inspectServer, type ServedCertificates, type ServedConnection } from './inspect/inspect-server.ts'
export { type ChainVerdict, judgeChain } from './inspect/judge-chain.ts'
export { type KnownRoot, knownRoots, machineTrusts } from './inspect/known-roots.ts'
export { readCertificates } from './inspect/read-certificates.ts'
export { issueRevocationList } from './inspect/revocation-list.ts'
export { readText, type TextReading, withPlainLineEnds } from './material/read-text.ts'
export { type OpenedPair, type OpenedPfx, openPfx } from './pfx/open-pfx.ts'
