import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inspectCertificate, issueCertificate } from '@lockstep/certs'
import { type Fault, LaunchError } from '@lockstep/core'
import { renderCertificates } from '../render/certificates.ts'
import { type Command, flagText } from './command.ts'

const keyTypes = ['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-4096', 'ed25519'] as const
const dayMs = 86_400_000

export const certCreateCommand: Command = {
  name: 'cert create',
  summary: 'Make a self-signed certificate and its key.',
  positionals: [],
  takesOptions: false,
  flags: {
    host: {
      takesValue: true,
      placeholder: '<name|IP>',
      summary:
        'A name or an IP address that it is valid for. May be given several times. (localhost, 127.0.0.1 and ::1)',
    },
    out: {
      takesValue: true,
      short: 'o',
      placeholder: '<folder>',
      summary: 'Where cert.pem and key.pem are written. (the current folder)',
    },
    days: {
      takesValue: true,
      placeholder: '<number>',
      summary: 'How long it is valid, 397 days at most. (90)',
    },
    'key-type': {
      takesValue: true,
      placeholder: `<${keyTypes.join('|')}>`,
      summary: 'The kind of key. (ec-p256)',
    },
    force: { takesValue: false, summary: 'Replace files that exist.' },
  },
  async run(line, output) {
    const hosts = (line.commandFlags.get('host') ?? []).map(String)
    const days = Number(flagText(line, 'days') ?? 90)
    const keyType = keyTypes.find((type) => type === (flagText(line, 'key-type') ?? 'ec-p256'))
    const folder = resolve(flagText(line, 'out') ?? '.')
    // Browsers take no server certificate above 398 days (CA/Browser Forum, Baseline Requirements 6.3.2).
    if (!Number.isInteger(days) || days < 1 || days > 397)
      throw new LaunchError(
        invalid('--days', `a whole number from 1 to 397; found "${flagText(line, 'days')}"`),
      )
    if (!keyType)
      throw new LaunchError(
        invalid('--key-type', `one of ${keyTypes.join(', ')}; found "${flagText(line, 'key-type')}"`),
      )

    const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
    const existing = Object.values(files).filter((file) => existsSync(file))
    if (existing.length > 0 && !line.commandFlags.has('force')) {
      throw new LaunchError({
        code: 'ERR_OPTION_CONFLICT',
        message: `${existing.join(' and ')} would be replaced.`,
        hint: 'Choose another folder with --out, or say --force.',
      })
    }
    const issued = await issueCertificate({
      hosts: hosts.length > 0 ? hosts : ['localhost', '127.0.0.1', '::1'],
      keyType,
      notAfter: new Date(Date.now() + days * dayMs),
    })
    mkdirSync(folder, { recursive: true })
    // A file that is only written over keeps its mode, and others might read the new key.
    for (const file of existing) rmSync(file)
    writeFileSync(files.key, issued.keyPem, { mode: 0o600 })
    writeFileSync(files.cert, issued.certPem)
    output.out(
      `${renderCertificates(inspectCertificate(issued.certPem))}\n${files.cert}\n${files.key}\n\nStart with it: lockstep run APP --tls-cert ${files.cert} --tls-key ${files.key}\n`,
    )
    return 0
  },
}

function invalid(flag: string, expects: string): Fault {
  return {
    code: 'ERR_OPTION_INVALID',
    message: `${flag} must be ${expects}.`,
    hint: '`lockstep cert create --help` shows what it takes.',
    source: flag,
  }
}
