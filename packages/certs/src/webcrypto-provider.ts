import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { cryptoProvider } from '@peculiar/x509'

// The library asks for its WebCrypto once, before it makes anything.
cryptoProvider.set(webcrypto)

export * as x509 from '@peculiar/x509'
