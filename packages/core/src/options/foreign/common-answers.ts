/** Texts that several launchers share, so that an error has them once. */
export const noWatch =
  'A server in production does not watch its source: after a change, run `lockstep reload`. For development, docs/debugging.md has a command that restarts at each change.'

export const restartsAtChange = 'restarts when a file changes'

export const noBackground =
  'Lockstep runs in the foreground. A service manager starts it in the background: docs/systemd.md.'

export const ownCertificate =
  'Write `--tls-cert` and `--tls-key`, or `--tls-self-signed` for a certificate of the local CA.'
