import type { Command } from '../command.ts'
import { keyTypes, thisMachine } from './certificate-choices.ts'

export const certCreateCommand: Command = {
  name: 'cert create',
  summary: 'Make a certificate and its key for names and IP addresses, issued by the local CA.',
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
      summary: 'Make a certificate that signs itself, without the local CA.',
    },
    out: {
      takesValue: true,
      short: 'o',
      placeholder: '<folder>',
      summary: 'Write cert.pem and key.pem to this folder. (the current folder)',
    },
    days: {
      takesValue: true,
      placeholder: '<number>',
      summary: 'Number of days that it is valid. Unset, as many as are allowed.',
    },
    'key-type': {
      takesValue: true,
      placeholder: `<${keyTypes.join('|')}>`,
      summary: 'Type of the key. (ec-p256)',
    },
    force: { takesValue: false, summary: 'Replace files that exist.' },
  },
  run: async (line, output) => (await import('./run-cert-create.ts')).runCertCreate(line, output),
}
