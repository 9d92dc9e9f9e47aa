// What looks at certificates and at the files that hold them, without a library: the launcher loads it with each start.

export { certificateFields } from './chain/certificate-fields.ts'
export type { ChainFinding } from './chain/chain-finding.ts'
export { hostsOf } from './chain/hosts-of.ts'
export { isSelfSigned, oneLine } from './chain/is-self-signed.ts'
export { judgeCertificate } from './chain/judge-certificate.ts'
export { judgePath, type PathFinding } from './chain/judge-path.ts'
export { keyEncryption, type MaterialKind, materialKind } from './material/material-kind.ts'
export { type PemBlock, type PemReading, readPemBlocks } from './material/pem-blocks.ts'
export { readText, type TextReading, wideEncoding, withPlainLineEnds } from './material/read-text.ts'
export { unappliedList } from './material/unapplied-list.ts'
