import { keyTypes, thisMachine } from './certificate-choices.ts'
import type { Command } from './command.ts'

export const certCreateCommand: Command = {
  name: 'cert create',
  summary: 'Make a certificate for names and IP addresses, issued by the local CA, and its key.',
  positionals: ['[NAME…]'],
  takesOptions: false,
  flags: {
    host: {
      takesValue: true,
      placeholder: '<name|IP>',
      summary: `The same as NAME. May be given several times. (${thisMachine.join(', ')})`,
    },
    'self-signed': { takesValue: false, summary: 'Let it sign itself, without the local CA.' },
    out: {
      takesValue: true,
      short: 'o',
      placeholder: '<folder>',
      summary: 'Where cert.pem and key.pem are written. (the current folder)',
    },
    days: {
      takesValue: true,
      placeholder: '<number>',
      summary: 'For how many days it is valid; unset, for as many as are allowed.',
    },
    'key-type': {
      takesValue: true,
      placeholder: `<${keyTypes.join('|')}>`,
      summary: 'The kind of key. (ec-p256)',
    },
    force: { takesValue: false, summary: 'Replace files that exist.' },
  },
  run: async (line, output) => (await import('./run-cert-create.ts')).runCertCreate(line, output),
}
