// What looks at certificates and at the files that hold them by itself, without a library: the launcher has it in its own bundle.
export { keyEncryption, type MaterialKind, materialKind } from './material/material-kind.ts'
export { type PemBlock, type PemReading, readPemBlocks } from './material/pem-blocks.ts'
export { unappliedList } from './material/unapplied-list.ts'
