import type { Command } from '../command.ts'
import { jsonFlag } from '../verb-progress.ts'

const flags = {
  print: { takesValue: false, summary: 'Only show the commands.' },
  yes: { takesValue: false, short: 'y', summary: 'Do not ask.' },
  ...jsonFlag,
} as const

export const certTrustCommand: Command = {
  name: 'cert trust',
  summary:
    'Add the local CA of Lockstep to the trust stores of this machine. Shows the commands and asks first.',
  positionals: [],
  takesOptions: false,
  flags,
  run: async (line, output) => (await import('./run-cert-trust.ts')).runCertTrust(line, output),
}

export const certUntrustCommand: Command = {
  name: 'cert untrust',
  summary: 'Remove the local CA of Lockstep from the trust stores of this machine.',
  positionals: [],
  takesOptions: false,
  flags,
  run: async (line, output) => (await import('./run-cert-trust.ts')).runCertUntrust(line, output),
}
