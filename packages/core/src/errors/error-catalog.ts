import type { ExitCodeName } from './exit-codes.ts'

interface CatalogEntry {
  readonly exit: ExitCodeName
  /** What this error means, for `docs/errors.md`. The message of a thrown error has the values in it. */
  readonly meaning: string
}

/** Every code that Lockstep reports, once. Codes are stable and never reused; messages may change. */
export const errorCatalog = {
  LOCKSTEP_ERR_OPTION_UNKNOWN: {
    exit: 'options',
    meaning:
      'A name that is not an option: a flag, a `LOCKSTEP_…` variable, or a key of a configuration file or of the API call.',
  },
  LOCKSTEP_ERR_OPTION_INVALID: { exit: 'options', meaning: 'An option has a value that it cannot take.' },
  LOCKSTEP_ERR_OPTION_CONFLICT: {
    exit: 'options',
    meaning: 'Two options contradict each other, so that one would have to be dropped.',
  },
  LOCKSTEP_ERR_OPTION_SECRET_ON_ARGV: {
    exit: 'options',
    meaning: 'A secret was given on the command line, where every user of the machine can read it.',
  },
  LOCKSTEP_ERR_COMMAND_UNKNOWN: {
    exit: 'options',
    meaning: 'The command line names a command or an argument that does not exist.',
  },
  LOCKSTEP_ERR_CONFIG_UNREADABLE: {
    exit: 'options',
    meaning: 'The configuration file is missing, cannot be parsed, or throws.',
  },
  LOCKSTEP_ERR_ENV_FILE_UNREADABLE: {
    exit: 'options',
    meaning: 'The environment file cannot be read, or its encoding is not one that is read.',
  },
  LOCKSTEP_ERR_ENV_FILE_INVALID: {
    exit: 'options',
    meaning:
      'A line of the environment file is not a comment, a blank line or an assignment, or a part of it would be dropped.',
  },
  LOCKSTEP_ERR_UNTRUSTED_FILE: {
    exit: 'refused',
    meaning:
      'Root would obey, execute or write to a file that another user could change, or reach it through a folder or a link that another user could change. `docs/security.md` has the rule.',
  },
  LOCKSTEP_ERR_NODE_OPTIONS_AS_ROOT: {
    exit: 'refused',
    meaning:
      'NODE_OPTIONS of the environment file has flags that Node would obey in a worker while that is still root, before it becomes the user of `user`.',
  },
  LOCKSTEP_ERR_APP_MISSING: { exit: 'app', meaning: 'No source names an app.' },
  LOCKSTEP_ERR_APP_NOT_FOUND: { exit: 'app', meaning: 'No file is found under the name of the app.' },
  LOCKSTEP_ERR_APP_LOAD: { exit: 'app', meaning: 'The app throws while it is loaded, or its factory fails.' },
  LOCKSTEP_ERR_APP_START: {
    exit: 'app',
    meaning: 'The function `start` that the module of the app exports fails.',
  },
  LOCKSTEP_ERR_APP_EXPORT_MISSING: {
    exit: 'app',
    meaning: 'The module of the app lacks the export that was asked for.',
  },
  LOCKSTEP_ERR_APP_UNRECOGNISED: {
    exit: 'app',
    meaning: 'The app is loaded, but is nothing that can be served.',
  },
  LOCKSTEP_ERR_APP_LISTENS_ITSELF: {
    exit: 'app',
    meaning: 'The server that the app exports already listens. Only the launcher may listen.',
  },
  LOCKSTEP_ERR_APP_TLS: {
    exit: 'app',
    meaning:
      'The app exports a server that ends TLS or speaks HTTP/2 itself. Its settings would have no effect, since Lockstep ends TLS.',
  },
  LOCKSTEP_ERR_APP_SERVER_SETTING: {
    exit: 'app',
    meaning: 'The server that the app exports has a setting that cannot be honoured.',
  },
  LOCKSTEP_ERR_TLS_CERT_WITHOUT_KEY: {
    exit: 'tls',
    meaning: 'A certificate is set without its private key.',
  },
  LOCKSTEP_ERR_TLS_KEY_WITHOUT_CERT: {
    exit: 'tls',
    meaning: 'A private key is set without its certificate.',
  },
  LOCKSTEP_ERR_TLS_WITHOUT_CERT: {
    exit: 'tls',
    meaning: 'TLS options are set, but no certificate: they would have no effect.',
  },
  LOCKSTEP_ERR_TLS_FILE_UNREADABLE: {
    exit: 'tls',
    meaning: 'A TLS file is missing, a directory, or not readable.',
  },
  LOCKSTEP_ERR_TLS_ENCODING: {
    exit: 'tls',
    meaning: 'A PEM file is not saved as ASCII or UTF-8 (PowerShell writes UTF-16 by default).',
  },
  LOCKSTEP_ERR_TLS_CERT_INVALID: {
    exit: 'tls',
    meaning: 'A certificate file holds no certificate that can be parsed.',
  },
  LOCKSTEP_ERR_TLS_KEY_INVALID: {
    exit: 'tls',
    meaning: 'A key file holds no private key that can be parsed.',
  },
  LOCKSTEP_ERR_TLS_KEY_MISMATCH: {
    exit: 'tls',
    meaning: 'The private key does not belong to the certificate.',
  },
  LOCKSTEP_ERR_TLS_CHAIN_DUPLICATE: {
    exit: 'tls',
    meaning: 'Two chains of one host have a key of the same type, so that one of them would never be served.',
  },
  LOCKSTEP_ERR_TLS_PFX_INVALID: {
    exit: 'tls',
    meaning: 'A PKCS#12 file is damaged, or lacks the private key or its certificate.',
  },
  LOCKSTEP_ERR_TLS_PFX_LEGACY: {
    exit: 'tls',
    meaning:
      'A PKCS#12 file is encrypted with RC2 or RC4, which OpenSSL 3 has retired, or in another way that is not known.',
  },
  LOCKSTEP_ERR_TLS_PFX_AND_CERT: {
    exit: 'tls',
    meaning: 'A PKCS#12 file is set beside a certificate or a key, so that one of them would be dropped.',
  },
  LOCKSTEP_ERR_TLS_CERT_EXPIRED: { exit: 'tls', meaning: 'A certificate of the chain has expired.' },
  LOCKSTEP_ERR_TLS_CERT_NOT_YET_VALID: {
    exit: 'tls',
    meaning: 'A certificate of the chain is not valid yet.',
  },
  LOCKSTEP_ERR_TLS_CERT_USAGE: {
    exit: 'tls',
    meaning: 'A certificate says that it is not for servers (extended key usage).',
  },
  LOCKSTEP_ERR_TLS_KEY_WEAK: {
    exit: 'tls',
    meaning: 'A certificate has a key that can be broken, such as RSA with less than 2048 bits.',
  },
  LOCKSTEP_ERR_TLS_SIGNATURE_WEAK: {
    exit: 'tls',
    meaning: 'A certificate of the chain is signed with MD5 or SHA-1, which can be forged.',
  },
  LOCKSTEP_ERR_TLS_CHAIN_REFUSED: {
    exit: 'tls',
    meaning:
      'Clients refuse a certificate of the chain: an issuer is not a CA, may not issue it or may not issue for its name, or the certificate has a critical extension that clients do not know.',
  },
  LOCKSTEP_ERR_TLS_CHAIN_ORDER: {
    exit: 'tls',
    meaning: 'The certificates of the chain do not follow each other, leaf first (RFC 8446 section 4.4.2).',
  },
  LOCKSTEP_ERR_TLS_KEY_ENCRYPTED: {
    exit: 'tls',
    meaning: 'The private key is encrypted and no passphrase is given.',
  },
  LOCKSTEP_ERR_TLS_PASSPHRASE_WRONG: {
    exit: 'tls',
    meaning: 'The passphrase does not open the private key.',
  },
  LOCKSTEP_ERR_TLS_PASSPHRASE_UNUSED: {
    exit: 'tls',
    meaning: 'A passphrase is given for a private key that is not encrypted.',
  },
  LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE: {
    exit: 'tls',
    meaning: 'The file or the command for the passphrase does not provide one.',
  },
  LOCKSTEP_ERR_TLS_CLIENT_AUTH_WITHOUT_CA: {
    exit: 'tls',
    meaning: 'Client certificates are asked for, but no CA says which are trusted.',
  },
  LOCKSTEP_ERR_TLS_CA_UNUSED: {
    exit: 'tls',
    meaning: 'A CA is set, but client certificates are not asked for.',
  },
  LOCKSTEP_ERR_TLS_CA_INVALID: { exit: 'tls', meaning: 'The CA file holds no CA certificate.' },
  LOCKSTEP_ERR_TLS_CRL_INVALID: { exit: 'tls', meaning: 'A revocation list cannot be parsed.' },
  LOCKSTEP_ERR_TLS_CRL_EXPIRED: {
    exit: 'tls',
    meaning: 'A revocation list has run out, so that OpenSSL would refuse every client.',
  },
  LOCKSTEP_ERR_TLS_CRL_NOT_YET_VALID: { exit: 'tls', meaning: 'A revocation list is not valid yet.' },
  LOCKSTEP_ERR_TLS_CRL_ISSUER: {
    exit: 'tls',
    meaning: 'A revocation list was signed by none of the CAs that are trusted for clients.',
  },
  LOCKSTEP_ERR_TLS_CRL_MISSING: {
    exit: 'tls',
    meaning:
      'There are revocation lists, but none of a CA that is trusted, so that all of its clients would be refused.',
  },
  LOCKSTEP_ERR_TLS_CRL_UNAPPLIED: {
    exit: 'tls',
    meaning:
      'A revocation list is a delta list, or covers only a part of what its CA has issued: OpenSSL would not apply it.',
  },
  LOCKSTEP_ERR_TLS_CRL_UNUSED: {
    exit: 'tls',
    meaning: 'Revocation lists are set, but client certificates are not asked for.',
  },
  LOCKSTEP_ERR_TLS_CHAIN_UNUSABLE: {
    exit: 'tls',
    meaning:
      'No handshake can succeed with a certificate: its key does not fit the ciphers, the groups, the signature algorithms or the versions.',
  },
  LOCKSTEP_ERR_TLS_VERSION_UNUSABLE: {
    exit: 'tls',
    meaning: 'An option promises a TLS version with which no handshake can succeed.',
  },
  LOCKSTEP_ERR_TLS_VERSION_RANGE: { exit: 'tls', meaning: 'The lowest TLS version is above the highest.' },
  LOCKSTEP_ERR_TLS_CIPHER_UNKNOWN: {
    exit: 'tls',
    meaning: 'A cipher list has a name that this OpenSSL does not know.',
  },
  LOCKSTEP_ERR_TLS_KEY_PERMISSIONS: {
    exit: 'tls',
    meaning: 'A file with a private key or a passphrase can be read or changed by others on this machine.',
  },
  LOCKSTEP_ERR_TLS_CIPHERS_UNUSED: {
    exit: 'tls',
    meaning: 'Ciphers are set for a TLS version that is switched off.',
  },
  LOCKSTEP_ERR_TLS_SNI_HOST: {
    exit: 'tls',
    meaning: 'A host of `tls.sni` is not a name that a client could ask for.',
  },
  LOCKSTEP_ERR_TLS_SNI_MISMATCH: {
    exit: 'tls',
    meaning:
      'The certificate of a host of `tls.sni` is not for that host, so that every client would refuse it.',
  },
  LOCKSTEP_ERR_TLS_SNI_MIXED_KEYS: {
    exit: 'tls',
    meaning: 'On Node 22 a host of `tls.sni` lacks a type of key that the default certificate has.',
  },
  LOCKSTEP_ERR_TLS_GROUP_UNKNOWN: {
    exit: 'tls',
    meaning: 'A list of key exchange groups has a name that this OpenSSL does not know.',
  },
  LOCKSTEP_ERR_TLS_SIGALG_UNKNOWN: {
    exit: 'tls',
    meaning: 'A list of signature algorithms has a name that this OpenSSL does not know.',
  },
  LOCKSTEP_ERR_TLS_SIGALGS_UNUSABLE: {
    exit: 'tls',
    meaning: 'A private key can sign by none of the signature algorithms that are allowed.',
  },
  LOCKSTEP_ERR_TLS_DHPARAM_INVALID: {
    exit: 'tls',
    meaning: 'The file of Diffie-Hellman parameters does not contain any.',
  },
  LOCKSTEP_ERR_TLS_DHPARAM_WEAK: {
    exit: 'tls',
    meaning: 'Diffie-Hellman parameters have less than 2048 bits.',
  },
  LOCKSTEP_ERR_TLS_DHPARAM_UNUSED: {
    exit: 'tls',
    meaning: 'Diffie-Hellman parameters are set, and nothing would use them.',
  },
  LOCKSTEP_ERR_TLS_DHPARAM_MISSING: {
    exit: 'tls',
    meaning: 'A cipher is listed that needs Diffie-Hellman parameters, and none are set.',
  },
  LOCKSTEP_ERR_TLS_KEYLOG_HIDDEN: {
    exit: 'tls',
    meaning: 'The key log is switched on where it is easily missed: by a variable or in a file.',
  },
  LOCKSTEP_ERR_TLS_KEYLOG_FILE: {
    exit: 'files',
    meaning: 'The key log cannot be written, or its file belongs to another user.',
  },
  LOCKSTEP_ERR_TLS_CONTEXT: {
    exit: 'tls',
    meaning: 'OpenSSL refuses the certificate, the key or the settings for another reason.',
  },
  LOCKSTEP_ERR_LOCAL_CA: { exit: 'tls', meaning: 'The local CA cannot be read, or cannot be kept.' },
  LOCKSTEP_ERR_CERT_UNREACHABLE: {
    exit: 'tls',
    meaning: 'No server shows a certificate at the address that was named.',
  },
  LOCKSTEP_ERR_CERT_FILE: {
    exit: 'files',
    meaning: 'A certificate or a key that `lockstep cert create` has made cannot be written to its folder.',
  },
  LOCKSTEP_ERR_REPORT_FILE: {
    exit: 'files',
    meaning: 'The report of `lockstep conformance` cannot be written to its folder.',
  },
  LOCKSTEP_ERR_CERT_NAME_REFUSED: {
    exit: 'options',
    meaning: 'The local CA may not name a host, because the host may exist on the public Internet.',
  },
  LOCKSTEP_ERR_TRUST_STORE: {
    exit: 'tls',
    meaning: 'The local CA could not be put into a trust store, or taken out of it.',
  },
  LOCKSTEP_ERR_ADDRESS_IN_USE: { exit: 'address', meaning: 'Another process listens on the address.' },
  LOCKSTEP_ERR_ADDRESS_PRIVILEGED: {
    exit: 'address',
    meaning:
      'The port is reserved for privileged users, Windows keeps it from programs, or the socket path is not writable.',
  },
  LOCKSTEP_ERR_ADDRESS_UNAVAILABLE: {
    exit: 'address',
    meaning: 'The host is not an address of this machine, or cannot be resolved.',
  },
  LOCKSTEP_ERR_SOCKET_PATH: {
    exit: 'address',
    meaning: 'The path of a UNIX domain socket is too long, or taken by something that is not a socket.',
  },
  LOCKSTEP_ERR_SOCKET_DESCRIPTOR: {
    exit: 'address',
    meaning: 'A descriptor is not an inherited socket, or cannot be listened on.',
  },
  LOCKSTEP_ERR_SOCKET_NAME: {
    exit: 'address',
    meaning: 'An address names an inherited socket that the service manager has not handed over.',
  },
  LOCKSTEP_ERR_SOCKET_UNUSED: {
    exit: 'address',
    meaning: 'The service manager hands a socket over that no address names, beside others that are named.',
  },
  LOCKSTEP_ERR_ACCOUNT_UNKNOWN: {
    exit: 'options',
    meaning: 'A user or a group that an option names does not exist on this system.',
  },
  LOCKSTEP_ERR_NOT_ROOT: {
    exit: 'refused',
    meaning: 'Only root can change to another user, or make another user the owner of a socket.',
  },
  LOCKSTEP_ERR_PRIVILEGES_KEPT: {
    exit: 'refused',
    meaning: 'A process that should have left root behind did not, or could become root again.',
  },
  LOCKSTEP_ERR_FOLDER: {
    exit: 'options',
    meaning: 'The folder to run in is missing, is not a folder, or may not be entered.',
  },
  LOCKSTEP_ERR_BUNDLED: {
    exit: 'refused',
    meaning:
      'A bundler has copied Lockstep into another program without the files that it starts workers from. It must stay external.',
  },
  LOCKSTEP_ERR_NODE_PERMISSION: {
    exit: 'refused',
    meaning: 'Node was started with `--permission`, and its permission model denies what the launch needs.',
  },
  LOCKSTEP_ERR_PROCESS_SETTING: {
    exit: 'refused',
    meaning:
      'Another server in the same process needs another `chdir` or `umask`, and a process can only have one.',
  },
  LOCKSTEP_ERR_OPTION_REFUSED: {
    exit: 'refused',
    meaning: 'The chosen backend cannot honour an option on this platform, with this value.',
  },
  LOCKSTEP_ERR_BACKEND_UNKNOWN: {
    exit: 'options',
    meaning: 'No backend has that name, and no module is found under it.',
  },
  LOCKSTEP_ERR_BACKEND_LOAD: {
    exit: 'options',
    meaning: 'The module of a backend cannot be read, or throws while it is loaded.',
  },
  LOCKSTEP_ERR_BACKEND_INVALID: {
    exit: 'options',
    meaning: 'What was given as a backend lacks a part of the `ServerBackend` interface.',
  },
  LOCKSTEP_ERR_VERIFY_FAILED: {
    exit: 'verification',
    meaning: 'A probe of the bound address saw something else than what was asked.',
  },
  LOCKSTEP_ERR_HOOK_BEFORE_START: {
    exit: 'refused',
    meaning: 'The hook `beforeStart` has thrown, or did not end in time, so nothing was started.',
  },
  LOCKSTEP_ERR_BOOT_TIMEOUT: {
    exit: 'app',
    meaning: 'The app did not become ready within the boot timeout.',
  },
  LOCKSTEP_ERR_WORKER_BOOT: {
    exit: 'app',
    meaning: 'A worker ended before it was ready, or before the server was announced.',
  },
  LOCKSTEP_ERR_APP_CRASH: {
    exit: 'app',
    meaning: 'The app threw an exception that nothing caught, before the server was announced.',
  },
  LOCKSTEP_ERR_PID_FILE: {
    exit: 'files',
    meaning:
      'The PID file cannot be written, is not a regular file, holds something else, or names the process of a live server.',
  },
  LOCKSTEP_ERR_LOG_FILE: {
    exit: 'files',
    meaning: 'The access log cannot be written, or a log cannot be opened again.',
  },
  LOCKSTEP_ERR_LAUNCH_FAULTS: {
    exit: 'options',
    meaning: 'Several faults at once: each is in `faults`. The exit code is that of the first.',
  },
  LOCKSTEP_ERR_NO_HOME: {
    exit: 'files',
    meaning:
      'What keeps files for this user, such as the local CA or the control socket, finds no home folder: HOME is not set, and the system does not know the user.',
  },
  LOCKSTEP_ERR_CONTROL_SOCKET: {
    exit: 'files',
    meaning: 'The control socket was asked for and cannot be made.',
  },
  LOCKSTEP_ERR_CONTROL_NO_SERVER: {
    exit: 'control',
    meaning: 'No running server of this user is the one that was meant.',
  },
  LOCKSTEP_ERR_CONTROL_AMBIGUOUS: {
    exit: 'control',
    meaning: 'Several servers of this user run, and nothing says which one is meant.',
  },
  LOCKSTEP_ERR_CONTROL_UNREACHABLE: {
    exit: 'control',
    meaning: 'A running server does not answer on its control socket, or not as expected.',
  },
  LOCKSTEP_ERR_RELOAD_NEEDS_START: {
    exit: 'control',
    meaning: 'Options have changed that take effect at the next start only, so the reload would drop them.',
  },
  LOCKSTEP_ERR_RELOAD_FAILED: {
    exit: 'control',
    meaning: 'A worker could not take up a new certificate. All of them serve the old one.',
  },
  LOCKSTEP_ERR_INSTALLATION_CHANGED: {
    exit: 'control',
    meaning:
      'The program of Node or the files of Lockstep were removed or replaced while the server runs, so that no new process can start.',
  },
  LOCKSTEP_ERR_RELOAD_REFUSED: {
    exit: 'control',
    meaning: 'The server is not in a state in which it can reload.',
  },
  LOCKSTEP_ERR_NO_WORKERS: {
    exit: 'control',
    meaning: 'The backend has no workers that can be changed or inspected.',
  },
  LOCKSTEP_ERR_SCALE_REFUSED: {
    exit: 'control',
    meaning: 'The number of workers is impossible, or the state of the server does not allow a change.',
  },
  LOCKSTEP_ERR_WORKER_UNKNOWN: { exit: 'control', meaning: 'No worker has the number that was given.' },
  LOCKSTEP_ERR_STOPPED: { exit: 'ok', meaning: 'The launch was stopped before it was ready.' },
  LOCKSTEP_ERR_SYSTEM: {
    exit: 'files',
    meaning:
      'The system refuses a call for a reason that lies in its state: a full or read-only file system, no free descriptors or memory, missing rights.',
  },
  LOCKSTEP_ERR_INTERNAL: { exit: 'internal', meaning: 'Something that Lockstep did not foresee.' },
} as const satisfies Record<string, CatalogEntry>

/** One of the stable codes; `docs/errors.md` says what each means. */
export type ErrorCode = keyof typeof errorCatalog
