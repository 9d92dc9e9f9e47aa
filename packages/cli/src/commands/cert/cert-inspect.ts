import type { Command } from '../command.ts'
import { jsonFlag } from '../verb-progress.ts'

export const certInspectCommand: Command = {
  name: 'cert inspect',
  summary:
    'Show the certificates of a PEM, DER or PKCS#12 file, or of a server, and what is wrong with them.',
  positionals: ['FILE|HOST:PORT'],
  takesOptions: false,
  flags: {
    ca: {
      takesValue: true,
      placeholder: '<file>',
      completes: 'files',
      summary: 'Also trust the roots in this file, besides those of this machine, of Node and the local CA.',
    },
    'server-name': {
      takesValue: true,
      placeholder: '<name>',
      summary: 'Ask the server for this name, and check that the certificate is valid for it. (the host)',
    },
    'passphrase-file': {
      takesValue: true,
      placeholder: '<file>',
      completes: 'files',
      summary: 'File with the passphrase of a PKCS#12 file.',
    },
    ...jsonFlag,
  },
  run: async (line, output) => (await import('./run-cert-inspect.ts')).runCertInspect(line, output),
}
