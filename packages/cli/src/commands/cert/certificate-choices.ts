/** The kinds of key that can be asked for. */
export const keyTypes = ['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-4096', 'ed25519'] as const
/** The hosts of a certificate when no name is given. */
export const thisMachine = ['localhost', '127.0.0.1', '::1']
