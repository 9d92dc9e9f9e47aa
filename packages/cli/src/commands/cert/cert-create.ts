import type { Command } from '../command.ts'
import { jsonFlag } from '../verb-progress.ts'
import { keyTypes, thisMachine } from './certificate-choices.ts'

export const certCreateCommand: Command = {
  name: 'cert create',
  summary:
    'Create a certificate and its key for development, issued by a CA that Lockstep keeps on this machine.',
  positionals: ['[NAME…]'],
  takesOptions: false,
  flags: {
    host: {
      takesValue: true,
      placeholder: '<name|IP>',
      summary: `The same as NAME. May be given several times. (${thisMachine.join(', ')})`,
    },
    'self-signed': {
      takesValue: false,
      summary: 'Create a self-signed certificate, without the local CA.',
    },
    out: {
      takesValue: true,
      short: 'o',
      placeholder: '<folder>',
      completes: 'folders',
      summary: 'Write cert.pem and key.pem to this folder. (the current folder)',
    },
    days: {
      takesValue: true,
      placeholder: '<number>',
      summary: 'Number of days that the certificate is valid. (90, the maximum)',
    },
    'key-type': {
      takesValue: true,
      placeholder: `<${keyTypes.join('|')}>`,
      completes: keyTypes,
      summary: 'Type of the key. (ec-p256)',
    },
    force: { takesValue: false, summary: 'Replace files that exist.' },
    ...jsonFlag,
  },
  run: async (line, output) => (await import('./run-cert-create.ts')).runCertCreate(line, output),
}
