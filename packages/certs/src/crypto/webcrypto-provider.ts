import './register-crypto.ts'

export * as x509 from '@peculiar/x509'
