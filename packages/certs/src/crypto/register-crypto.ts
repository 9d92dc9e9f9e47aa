import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { cryptoProvider } from '@peculiar/x509'

// The library asks for its WebCrypto once, before it makes anything. For modules whose declarations are public: they must not lead to
// those of the library, which need the types of a browser.
cryptoProvider.set(webcrypto)
