/** The supported trust stores. */
export type SystemStore =
  /** Debian, Ubuntu, Alpine: `update-ca-certificates(8)`. */
  | 'ca-certificates'
  /** Fedora, RHEL: `update-ca-trust(8)`. */
  | 'ca-trust'
  /** openSUSE: its own `update-ca-certificates(8)`. */
  | 'pki-trust'
  /** Arch and others with p11-kit: `trust(1)`. */
  | 'p11-kit'
  /** macOS: `security(1)`. */
  | 'keychain'
  /** Windows: `certutil`. */
  | 'windows-root'

export type TrustAction = 'trust' | 'untrust'

export interface TrustedRoot {
  /** Its certificate as PEM. */
  readonly file: string
  /** The name that users see in a store. */
  readonly commonName: string
  /** SHA-1 of the DER as hexadecimal digits: how keychains and Windows name a certificate. */
  readonly sha1: string
}

export interface TrustCommand {
  readonly program: string
  readonly args: readonly string[]
  /** Whether it changes what belongs to the whole machine. */
  readonly asRoot: boolean
}

type Commands = (root: TrustedRoot & { readonly name: string }) => readonly TrustCommand[]

/**
 * The commands that add a root to a store, and remove it again. On macOS and Windows it is the store of this user alone, which
 * needs no administrator, and the system itself asks once more. Linux has one store for all.
 */
const table: Readonly<Record<SystemStore, Readonly<Record<TrustAction, Commands>>>> = {
  'ca-certificates': {
    trust: ({ file, name }) => [
      root('install', '-m', '0644', file, `/usr/local/share/ca-certificates/${name}.crt`),
      root('update-ca-certificates'),
    ],
    untrust: ({ name }) => [
      root('rm', '-f', `/usr/local/share/ca-certificates/${name}.crt`),
      root('update-ca-certificates'),
    ],
  },
  'ca-trust': {
    trust: ({ file, name }) => [
      root('install', '-m', '0644', file, `/etc/pki/ca-trust/source/anchors/${name}.pem`),
      root('update-ca-trust', 'extract'),
    ],
    untrust: ({ name }) => [
      root('rm', '-f', `/etc/pki/ca-trust/source/anchors/${name}.pem`),
      root('update-ca-trust', 'extract'),
    ],
  },
  'pki-trust': {
    trust: ({ file, name }) => [
      root('install', '-m', '0644', file, `/etc/pki/trust/anchors/${name}.pem`),
      root('update-ca-certificates'),
    ],
    untrust: ({ name }) => [
      root('rm', '-f', `/etc/pki/trust/anchors/${name}.pem`),
      root('update-ca-certificates'),
    ],
  },
  'p11-kit': {
    trust: ({ file }) => [root('trust', 'anchor', '--store', file)],
    untrust: ({ file }) => [root('trust', 'anchor', '--remove', file)],
  },
  keychain: {
    trust: ({ file }) => [
      user('security', 'add-trusted-cert', '-r', 'trustRoot', '-p', 'ssl', '-k', 'login.keychain', file),
    ],
    untrust: ({ file, sha1 }) => [
      user('security', 'remove-trusted-cert', file),
      user('security', 'delete-certificate', '-Z', sha1),
    ],
  },
  'windows-root': {
    trust: ({ file }) => [user('certutil', '-user', '-addstore', 'Root', file)],
    untrust: ({ sha1 }) => [user('certutil', '-user', '-delstore', 'Root', sha1)],
  },
}

/** The commands that add a root to the store of the system, or remove it. */
export function systemTrustCommands(
  store: SystemStore,
  { action, trusted }: { action: TrustAction; trusted: TrustedRoot },
): readonly TrustCommand[] {
  return table[store][action]({ ...trusted, name: trusted.commonName.toLowerCase().replaceAll(/\W+/g, '-') })
}

/** The same for a database of Firefox or Chromium on Linux (`certutil(1)` of NSS; `C`: trusted for servers). */
export function nssTrustCommand(
  database: string,
  { action, trusted }: { action: TrustAction; trusted: TrustedRoot },
): TrustCommand {
  const where = ['-d', `sql:${database}`, '-n', trusted.commonName]
  return action === 'trust'
    ? user('certutil', '-A', ...where, '-t', 'C,,', '-i', trusted.file)
    : user('certutil', '-D', ...where)
}

/** Asks whether such a database has the root: it ends with 0 then. */
export function nssQueryCommand(database: string, { commonName }: TrustedRoot): TrustCommand {
  return user('certutil', '-L', '-d', `sql:${database}`, '-n', commonName)
}

function root(program: string, ...args: string[]): TrustCommand {
  return { program, args, asRoot: true }
}

function user(program: string, ...args: string[]): TrustCommand {
  return { program, args, asRoot: false }
}
