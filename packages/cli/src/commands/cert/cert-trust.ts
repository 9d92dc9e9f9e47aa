import type { Command } from '../command.ts'

const flags = {
  print: { takesValue: false, summary: 'Only show the commands.' },
  yes: { takesValue: false, short: 'y', summary: 'Do not ask.' },
} as const

export const certTrustCommand: Command = {
  name: 'cert trust',
  summary:
    'Make this machine trust the local CA of Lockstep. Shows the commands and asks before it runs them.',
  positionals: [],
  takesOptions: false,
  flags,
  run: async (line, output) => (await import('./run-cert-trust.ts')).runCertTrust(line, output),
}

export const certUntrustCommand: Command = {
  name: 'cert untrust',
  summary: 'Make this machine no longer trust the local CA of Lockstep.',
  positionals: [],
  takesOptions: false,
  flags,
  run: async (line, output) => (await import('./run-cert-trust.ts')).runCertUntrust(line, output),
}
