import type { CatalogCode } from './error-catalog.ts'

/** What each error means, for `docs/errors.md`. The message of a thrown error has the values in it. Apart from the catalogue, which every worker loads. */
export const errorMeanings: Readonly<Record<CatalogCode, string>> = {
  LOCKSTEP_ERR_OPTION_UNKNOWN:
    'A name that is not an option: a flag, a `LOCKSTEP_…` variable, or a key of a configuration file or of the API call.',
  LOCKSTEP_ERR_OPTION_INVALID: 'An option has a value that it cannot take.',
  LOCKSTEP_ERR_OPTION_CONFLICT: 'Two options contradict each other, so that one would have to be dropped.',
  LOCKSTEP_ERR_OPTION_SECRET_ON_ARGV:
    'A secret was given on the command line, where every user of the machine can read it.',
  LOCKSTEP_ERR_COMMAND_UNKNOWN: 'The command line names a command or an argument that does not exist.',
  LOCKSTEP_ERR_CONFIG_UNREADABLE:
    'The configuration file is missing, cannot be parsed, throws, waits forever, takes longer than 30 s, or ends the process.',
  LOCKSTEP_ERR_ENV_FILE_UNREADABLE:
    'The environment file cannot be read, or its encoding is not one that is read.',
  LOCKSTEP_ERR_ENV_FILE_INVALID:
    'A line of the environment file is not a comment, a blank line or an assignment, or a part of it would be dropped.',
  LOCKSTEP_ERR_UNTRUSTED_FILE:
    'Root would obey, execute or write to a file that another user could change, or reach it through a folder or a link that another user could change. `docs/security.md` has the rule.',
  LOCKSTEP_ERR_NODE_OPTIONS_AS_ROOT:
    'NODE_OPTIONS of the environment file has flags that Node would obey in a worker while that is still root, before it becomes the user of `user`.',
  LOCKSTEP_ERR_NODE_SETTING:
    'A flag or a variable of Node is set that makes its HTTP parser lenient, undoes a security fix, or lets the app accept any certificate.',
  LOCKSTEP_ERR_APP_MISSING: 'No source names an app.',
  LOCKSTEP_ERR_APP_NOT_FOUND: 'No file is found under the name of the app.',
  LOCKSTEP_ERR_IMPORT_NOT_FOUND: 'A module that is to be loaded before the app is not found.',
  LOCKSTEP_ERR_APP_UNFIT:
    'The backend runs apps of another kind: a module of Node, a Python app, or a program in any language.',
  LOCKSTEP_ERR_APP_LOAD: 'The app throws while it is loaded, or its factory fails.',
  LOCKSTEP_ERR_APP_START: 'The function `start` that the module of the app exports fails.',
  LOCKSTEP_ERR_APP_EXPORT_MISSING:
    'The module of the app lacks the export that was asked for, or exports several that may be the app.',
  LOCKSTEP_ERR_APP_UNRECOGNISED: 'The app is loaded, but is nothing that can be served.',
  LOCKSTEP_ERR_APP_LISTENS_ITSELF:
    'A server of the app listens in a way that the launcher cannot serve, beside an app that is exported or before it is ready.',
  LOCKSTEP_ERR_APP_FORKS: 'The app starts workers itself by node:cluster. Only the launcher may do that.',
  LOCKSTEP_ERR_APP_TLS:
    'The app exports a server that ends TLS or speaks HTTP/2 itself. Its settings would have no effect, since Lockstep ends TLS.',
  LOCKSTEP_ERR_APP_SERVER_SETTING:
    'The server that the app exports, or its object with `fetch`, has a setting that cannot be honoured.',
  LOCKSTEP_ERR_TLS_CERT_WITHOUT_KEY: 'A certificate is set without its private key.',
  LOCKSTEP_ERR_TLS_KEY_WITHOUT_CERT: 'A private key is set without its certificate.',
  LOCKSTEP_ERR_TLS_WITHOUT_CERT: 'TLS options are set, but no certificate: they would have no effect.',
  LOCKSTEP_ERR_TLS_FILE_UNREADABLE: 'A TLS file is missing, a directory, or not readable.',
  LOCKSTEP_ERR_TLS_ENCODING:
    'A PEM file is not saved as ASCII or UTF-8 (PowerShell writes UTF-16 by default).',
  LOCKSTEP_ERR_TLS_CERT_INVALID: 'A certificate file holds no certificate that can be parsed.',
  LOCKSTEP_ERR_TLS_KEY_INVALID: 'A key file holds no private key that can be parsed.',
  LOCKSTEP_ERR_TLS_KEY_MISMATCH: 'The private key does not belong to the certificate.',
  LOCKSTEP_ERR_TLS_CHAIN_DUPLICATE:
    'Two chains of one host have a key of the same type, so that one of them would never be served.',
  LOCKSTEP_ERR_TLS_PFX_INVALID: 'A PKCS#12 file is damaged, or lacks the private key or its certificate.',
  LOCKSTEP_ERR_TLS_PFX_LEGACY:
    'A PKCS#12 file is encrypted with RC2 or RC4, which OpenSSL 3 has retired, or in another way that is not known.',
  LOCKSTEP_ERR_TLS_PFX_AND_CERT:
    'A PKCS#12 file is set beside a certificate or a key, so that one of them would be dropped.',
  LOCKSTEP_ERR_TLS_CERT_EXPIRED: 'A certificate of the chain has expired.',
  LOCKSTEP_ERR_TLS_CERT_NOT_YET_VALID: 'A certificate of the chain is not valid yet.',
  LOCKSTEP_ERR_TLS_CERT_USAGE: 'A certificate says that it is not for servers (extended key usage).',
  LOCKSTEP_ERR_TLS_KEY_WEAK:
    'A certificate has a key that can be broken, such as RSA with less than 2048 bits.',
  LOCKSTEP_ERR_TLS_SIGNATURE_WEAK:
    'A certificate of the chain is signed with MD5 or SHA-1, which can be forged.',
  LOCKSTEP_ERR_TLS_CHAIN_REFUSED:
    'Clients refuse a certificate of the chain: an issuer is not a CA, may not issue it or may not issue for its name, or the certificate has a critical extension that clients do not know.',
  LOCKSTEP_ERR_TLS_CHAIN_ORDER:
    'The certificates of the chain do not follow each other, leaf first (RFC 8446 section 4.4.2).',
  LOCKSTEP_ERR_TLS_KEY_ENCRYPTED: 'The private key is encrypted and no passphrase is given.',
  LOCKSTEP_ERR_TLS_PASSPHRASE_WRONG: 'The passphrase does not open the private key.',
  LOCKSTEP_ERR_TLS_PASSPHRASE_UNUSED: 'A passphrase is given for a private key that is not encrypted.',
  LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE: 'The file or the command for the passphrase does not provide one.',
  LOCKSTEP_ERR_TLS_CLIENT_AUTH_WITHOUT_CA:
    'Client certificates are asked for, but no CA says which are trusted.',
  LOCKSTEP_ERR_TLS_CA_UNUSED: 'A CA is set, but client certificates are not asked for.',
  LOCKSTEP_ERR_TLS_CA_INVALID: 'The CA file holds no CA certificate.',
  LOCKSTEP_ERR_TLS_CRL_INVALID: 'A revocation list cannot be parsed.',
  LOCKSTEP_ERR_TLS_CRL_EXPIRED: 'A revocation list has expired, so that OpenSSL would refuse every client.',
  LOCKSTEP_ERR_TLS_CRL_NOT_YET_VALID: 'A revocation list is not valid yet.',
  LOCKSTEP_ERR_TLS_CRL_ISSUER:
    'A revocation list was signed by none of the CAs that are trusted for clients.',
  LOCKSTEP_ERR_TLS_CRL_MISSING:
    'There are revocation lists, but none of a CA that is trusted, so that all of its clients would be refused.',
  LOCKSTEP_ERR_TLS_CRL_UNAPPLIED:
    'A revocation list is a delta list, or covers only a part of what its CA has issued: OpenSSL would not apply it.',
  LOCKSTEP_ERR_TLS_CRL_UNUSED: 'Revocation lists are set, but client certificates are not asked for.',
  LOCKSTEP_ERR_TLS_CHAIN_UNUSABLE:
    'No handshake can succeed with a certificate: its key does not fit the ciphers, the groups, the signature algorithms or the versions.',
  LOCKSTEP_ERR_TLS_VERSION_UNUSABLE: 'An option promises a TLS version with which no handshake can succeed.',
  LOCKSTEP_ERR_TLS_VERSION_RANGE: 'The lowest TLS version is above the highest.',
  LOCKSTEP_ERR_TLS_CIPHER_UNKNOWN: 'A cipher list has a name that this OpenSSL does not know.',
  LOCKSTEP_ERR_TLS_KEY_PERMISSIONS:
    'A file with a private key or a passphrase can be read or changed by others on this machine.',
  LOCKSTEP_ERR_TLS_CIPHERS_UNUSED: 'Ciphers are set for a TLS version that is switched off.',
  LOCKSTEP_ERR_TLS_SNI_HOST: 'A host of `tls.sni` is not a name that a client could ask for.',
  LOCKSTEP_ERR_TLS_SNI_MISMATCH:
    'The certificate of a host of `tls.sni` is not for that host, so that every client would refuse it.',
  LOCKSTEP_ERR_TLS_SNI_MIXED_KEYS:
    'On Node 22 a host of `tls.sni` lacks a type of key that the default certificate has.',
  LOCKSTEP_ERR_TLS_GROUP_UNKNOWN: 'A list of key exchange groups has a name that this OpenSSL does not know.',
  LOCKSTEP_ERR_TLS_SIGALG_UNKNOWN:
    'A list of signature algorithms has a name that this OpenSSL does not know.',
  LOCKSTEP_ERR_TLS_SIGALGS_UNUSABLE:
    'A private key can sign by none of the signature algorithms that are allowed.',
  LOCKSTEP_ERR_TLS_DHPARAM_INVALID: 'The file of Diffie-Hellman parameters does not contain any.',
  LOCKSTEP_ERR_TLS_DHPARAM_WEAK: 'Diffie-Hellman parameters have less than 2048 bits.',
  LOCKSTEP_ERR_TLS_DHPARAM_UNUSED: 'Diffie-Hellman parameters are set, and nothing would use them.',
  LOCKSTEP_ERR_TLS_DHPARAM_MISSING:
    'A cipher is listed that needs Diffie-Hellman parameters, and none are set.',
  LOCKSTEP_ERR_TLS_KEYLOG_HIDDEN:
    'The key log is switched on where it is easily missed: by a variable or in a file.',
  LOCKSTEP_ERR_TLS_KEYLOG_FILE: 'The key log cannot be written, or its file belongs to another user.',
  LOCKSTEP_ERR_TLS_CONTEXT: 'OpenSSL refuses the certificate, the key or the settings for another reason.',
  LOCKSTEP_ERR_LOCAL_CA: 'The local CA cannot be read, or cannot be kept.',
  LOCKSTEP_ERR_CERT_UNREACHABLE: 'No server shows a certificate at the address that was named.',
  LOCKSTEP_ERR_CERT_FILE:
    'A certificate or a key that `lockstep cert create` has made cannot be written to its folder.',
  LOCKSTEP_ERR_REPORT_FILE: 'The report of `lockstep conformance` cannot be written to its folder.',
  LOCKSTEP_ERR_CERT_NAME_REFUSED:
    'The local CA may not name a host, because the host may exist on the public Internet.',
  LOCKSTEP_ERR_TRUST_STORE: 'The local CA could not be put into a trust store, or taken out of it.',
  LOCKSTEP_ERR_ADDRESS_IN_USE: 'Another process listens on the address.',
  LOCKSTEP_ERR_ADDRESS_PRIVILEGED:
    'The port is reserved for privileged users, Windows keeps it from programs, or the socket path is not writable.',
  LOCKSTEP_ERR_ADDRESS_UNAVAILABLE: 'The host is not an address of this machine, or cannot be resolved.',
  LOCKSTEP_ERR_SOCKET_PATH:
    'The path of a UNIX domain socket is too long, or taken by something that is not a socket.',
  LOCKSTEP_ERR_SOCKET_DESCRIPTOR: 'A descriptor is not an inherited socket, or cannot be listened on.',
  LOCKSTEP_ERR_SOCKET_NAME:
    'An address names an inherited socket that the service manager has not handed over.',
  LOCKSTEP_ERR_SOCKET_UNUSED:
    'The service manager passes several sockets, and your options name only some of them. Name all of them.',
  LOCKSTEP_ERR_ACCOUNT_UNKNOWN: 'A user or a group that an option names does not exist on this system.',
  LOCKSTEP_ERR_NOT_ROOT: 'Only root can change to another user, or make another user the owner of a socket.',
  LOCKSTEP_ERR_PRIVILEGES_KEPT:
    'A process that should have left root behind did not, or could become root again.',
  LOCKSTEP_ERR_FOLDER: 'The folder to run in is missing, is not a folder, or may not be entered.',
  LOCKSTEP_ERR_BUNDLED:
    'A bundler has copied Lockstep into another program without the files that it starts workers from. It must stay external.',
  LOCKSTEP_ERR_NODE_VERSION: 'The program that calls `launch()` runs on a Node that is too old for Lockstep.',
  LOCKSTEP_ERR_NODE_PERMISSION:
    'Node was started with `--permission`, and its permission model denies what the launch needs.',
  LOCKSTEP_ERR_PROCESS_SETTING:
    'Another server in the same process needs another `chdir` or `umask`, and a process can only have one.',
  LOCKSTEP_ERR_OPTION_REFUSED:
    'The chosen backend cannot honour an option on this platform, with this value.',
  LOCKSTEP_ERR_BACKEND_UNKNOWN: 'No backend has that name, and no module is found under it.',
  LOCKSTEP_ERR_BACKEND_LOAD: 'The module of a backend cannot be read, or throws while it is loaded.',
  LOCKSTEP_ERR_BACKEND_INVALID: 'What was given as a backend lacks a part of the `ServerBackend` interface.',
  LOCKSTEP_ERR_BACKEND_VERSION:
    'The backend was written for another version of the interface between Lockstep and its backends.',
  LOCKSTEP_ERR_SUITE_MISSING:
    'The package with the conformance suite, `@lockstep/conformance`, is not installed beside `lockstep`.',
  LOCKSTEP_ERR_TWO_CORES:
    'The command, the conformance suite and the backend under test would load different copies of `@lockstep/core`.',
  LOCKSTEP_ERR_VERIFY_FAILED: 'A probe of the bound address saw something else than what was asked.',
  LOCKSTEP_ERR_HOOK_BEFORE_START:
    'The hook `beforeStart` has thrown, or did not end in time, so nothing was started.',
  LOCKSTEP_ERR_BOOT_TIMEOUT:
    'The app did not become ready within the boot timeout: for a program, it did not accept connections, answer its ready path or write its ready line.',
  LOCKSTEP_ERR_WORKER_BOOT: 'A worker ended before it was ready, or before the server was announced.',
  LOCKSTEP_ERR_APP_CRASH: 'The app threw an exception that nothing caught, before the server was announced.',
  LOCKSTEP_ERR_PROGRAM_NOT_FOUND:
    'There is no such program, in PATH or under that path, or its interpreter is missing.',
  LOCKSTEP_ERR_PROGRAM_START:
    'The system could not start the program, for example because it is not executable.',
  LOCKSTEP_ERR_PROGRAM_ENDED:
    'The program ended before it was ready, or went into the background where it cannot be supervised.',
  LOCKSTEP_ERR_PROGRAM_PLACE:
    'The program listens at another address than it was asked to, or another process listens there.',
  LOCKSTEP_ERR_PROGRAM_TLS:
    'The program speaks TLS on its private address, where the server in front speaks HTTP to it.',
  LOCKSTEP_ERR_PROGRAM_EXPOSED:
    'The program also listens where other machines reach it, in plain HTTP, past the server in front.',
  LOCKSTEP_ERR_PID_FILE:
    'The PID file cannot be written, is not a regular file, holds something else, or names the process of a live server.',
  LOCKSTEP_ERR_LOG_FILE: 'The access log cannot be written, or a log cannot be opened again.',
  LOCKSTEP_ERR_LAUNCH_FAULTS:
    'Several faults at once: each is in `faults`. The exit code is that of the first.',
  LOCKSTEP_ERR_NO_HOME:
    'What keeps files for this user, such as the local CA or the control socket, finds no home folder: HOME is not set, and the system does not know the user.',
  LOCKSTEP_ERR_CONTROL_SOCKET: 'The control socket was asked for and cannot be made.',
  LOCKSTEP_ERR_CONTROL_NO_SERVER: 'No running server of this user is the one that was meant.',
  LOCKSTEP_ERR_CONTROL_AMBIGUOUS: 'Several servers of this user run, and nothing says which one is meant.',
  LOCKSTEP_ERR_CONTROL_UNREACHABLE:
    'A running server does not answer on its control socket, or not as expected.',
  LOCKSTEP_ERR_RELOAD_NEEDS_START:
    'Options have changed that take effect at the next start only, so the reload would drop them.',
  LOCKSTEP_ERR_RELOAD_FAILED: 'A worker could not take up a new certificate. All of them serve the old one.',
  LOCKSTEP_ERR_INSTALLATION_CHANGED:
    'The program of Node or the files of Lockstep were removed or replaced while the server runs, so that no new process can start.',
  LOCKSTEP_ERR_RELOAD_REFUSED: 'The server is not in a state in which it can reload.',
  LOCKSTEP_ERR_NO_WORKERS:
    'The backend has no workers that can be changed, inspected, or replaced by a reload.',
  LOCKSTEP_ERR_SCALE_REFUSED:
    'The number of workers is impossible, or the state of the server does not allow a change.',
  LOCKSTEP_ERR_WORKER_UNKNOWN: 'No worker has the number that was given.',
  LOCKSTEP_ERR_STOPPED: 'The launch was stopped before it was ready.',
  LOCKSTEP_ERR_SYSTEM:
    'The system refuses a call for a reason that lies in its state: a full or read-only file system, no free descriptors or memory, missing rights.',
  LOCKSTEP_ERR_INTERNAL: 'Something that Lockstep did not foresee.',
}
