import type { Command } from './command.ts'

const flags = {
  print: { takesValue: false, summary: 'Only show the commands.' },
  yes: { takesValue: false, short: 'y', summary: 'Do not ask.' },
} as const

export const certTrustCommand: Command = {
  name: 'cert trust',
  summary: 'Let this machine trust the local CA: shows the commands, asks, and runs them.',
  positionals: [],
  takesOptions: false,
  flags,
  run: async (line, output) => (await import('./run-cert-trust.ts')).runCertTrust(line, output),
}

export const certUntrustCommand: Command = {
  name: 'cert untrust',
  summary: 'Take the local CA out of the trust stores of this machine again.',
  positionals: [],
  takesOptions: false,
  flags,
  run: async (line, output) => (await import('./run-cert-trust.ts')).runCertUntrust(line, output),
}
