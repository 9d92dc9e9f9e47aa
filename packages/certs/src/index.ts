export { type Authority, createAuthority } from './authority.ts'
export { CertificateError } from './certificate-error.ts'
export { type CertificateFacts, certificateFacts } from './certificate-facts.ts'
export type { ChainFinding } from './chain/chain-finding.ts'
export { inspectCertificate, readCertificateFile } from './inspect-file.ts'
export { inspectRevocationList, type RevocationListFacts } from './inspect-revocation-list.ts'
export { inspectServer, type ServedCertificates, type ServedConnection } from './inspect-server.ts'
export { type CertificateRequest, type IssuedCertificate, issueCertificate } from './issue-certificate.ts'
export { type ChainVerdict, judgeChain } from './judge-chain.ts'
export type { KeyType } from './key-types.ts'
export { type KnownRoot, knownRoots, machineTrusts } from './known-roots.ts'
export { leafValidity, longestLeafDays } from './leaf-validity.ts'
export {
  type LocalAuthority,
  localAuthorityFiles,
  readLocalAuthority,
  readOrCreateLocalAuthority,
} from './local-authority.ts'
export { type LocalCertificate, readOrIssueLocalCertificate } from './local-certificate.ts'
export { readText, type TextReading, withPlainLineEnds } from './material/read-text.ts'
export { isPrivateName, privateNames } from './name-constraints.ts'
export { type OpenedPfx, openPfx } from './open-pfx.ts'
export { readCertificates } from './read-certificates.ts'
export { readDhParameters } from './read-dh-parameters.ts'
export { issueRevocationList } from './revocation-list.ts'
export {
  nssQueryCommand,
  nssTrustCommand,
  type SystemStore,
  systemTrustCommands,
  type TrustAction,
  type TrustCommand,
  type TrustedRoot,
} from './trust-commands.ts'
export { writeAtomically } from './write-atomically.ts'
