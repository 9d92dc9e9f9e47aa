import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { domainToASCII } from 'node:url'
import {
  certificateFacts,
  isPrivateName,
  issueCertificate,
  type LocalAuthority,
  leafValidity,
  longestLeafDays,
  readCertificates,
  writeAtomically,
} from '@lockstep/certs'
import { type Fault, LaunchError, throwFaults, visibleText, whyFileFails } from '@lockstep/core/internal'
import { resultJson } from '../../json/write-json.ts'
import { doneLine } from '../../render/result-lines.ts'
import { type CommandLine, flagText, type Output } from '../command.ts'
import { keyTypes, thisMachine } from './certificate-choices.ts'
import { openLocalAuthority } from './open-local-authority.ts'
import { renderCertificates } from './render-certificates.ts'
import { renderWord } from './render-trust.ts'

export async function runCertCreate(line: CommandLine, output: Output): Promise<number> {
  const named = [...line.positionals, ...(line.commandFlags.get('host') ?? []).map(String)]
  const hosts = named.length > 0 ? [...new Set(named)] : thisMachine
  const daysText = flagText(line, 'days')
  const days = Number(daysText ?? longestLeafDays)
  const keyTypeText = flagText(line, 'key-type') ?? 'ec-p256'
  const keyType = keyTypes.find((type) => type === keyTypeText)
  const selfSigned = line.commandFlags.has('self-signed')
  const folder = resolve(flagText(line, 'out') ?? '.')
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  throwFaults([
    ...(Number.isInteger(days) && days >= 1 && days <= longestLeafDays ? [] : [wrongDays(daysText ?? '')]),
    ...(keyType ? [] : [invalid('--key-type', `one of ${keyTypes.join(', ')}; found "${keyTypeText}"`)]),
    ...hosts.flatMap((host) => nameFaults(host, { selfSigned })),
    ...(line.commandFlags.has('force') ? [] : replacedFaults(Object.values(files))),
  ])

  const local = selfSigned ? null : await openLocalAuthority(output)
  const issued = await issueCertificate({
    ...(local && { authority: local.authority }),
    hosts,
    ...(keyType && { keyType }),
    ...leafValidity({ now: new Date(), days }),
  })
  save({ folder, files, issued })
  const facts = readCertificates(issued.chainPem).map(certificateFacts)
  const written = Object.values(files).map((file) => doneLine(`Wrote ${visibleText(file)}`))
  if (line.report.asJson) {
    output.out(resultJson('cert create', { ...files, root: local?.rootFile ?? null, certificates: facts }))
    return 0
  }
  output.out(`${renderCertificates(facts)}\n${written.join('')}\n${next(files, local)}`)
  return 0
}

/** Throws `LOCKSTEP_ERR_CERT_FILE`. */
function save({
  folder,
  files,
  issued,
}: {
  folder: string
  files: { readonly cert: string; readonly key: string }
  issued: { readonly chainPem: string; readonly keyPem: string }
}): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeAtomically(files.key, issued.keyPem, { mode: 0o600 })
    writeAtomically(files.cert, issued.chainPem, { mode: 0o644 })
  } catch (cause) {
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_CERT_FILE',
      message: `The certificate and its key can't be written to ${folder}: ${whyFileFails(cause)}.`,
      hint: 'Name a folder with --out that this user may write to.',
      source: '--out',
      cause,
    })
  }
}

/** What to do with it. Commands are on lines of their own that don't wrap, so that they can be copied. */
function next({ cert, key }: { cert: string; key: string }, local: LocalAuthority | null): string {
  const start = [
    'Start with it:',
    `lockstep run app.js --tls-cert ${renderWord(cert)} --tls-key ${renderWord(key)}`,
  ] as const
  const steps = local
    ? [
        start,
        ['Let this machine trust it:', 'lockstep cert trust'] as const,
        ['Or a single client:', `curl --cacert ${renderWord(local.rootFile)}`] as const,
      ]
    : [start, ['Let a client trust it:', `curl --cacert ${renderWord(cert)}`] as const]
  return steps.map(([what, command]) => `${what}\n  ${command}\n`).join('')
}

/** Letters, digits and hyphens (RFC 1123 section 2.1), of any script, or an IP address; a wildcard is the first label alone. */
const hostPattern =
  /^(?:\*\.)?[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*)(?:\.[\p{L}\p{N}_-]+)*$|^[0-9a-f:.]*:[0-9a-f:.]*$/iu

/** A label has at most 63 octets, and a name 253 (RFC 1035 section 2.3.4), in the form that the certificate has. */
function isTooLong(host: string): boolean {
  const ascii = domainToASCII(host.replace(/^\*\./, ''))
  return ascii.length > 253 || ascii.split('.').some((label) => label.length > 63)
}

function nameFaults(host: string, { selfSigned }: { selfSigned: boolean }): Fault[] {
  if (!hostPattern.test(host) || isTooLong(host))
    return [invalid('NAME', `a host name, a wildcard such as *.shop.test, or an IP address; found "${host}"`)]
  if (selfSigned || isPrivateName(host)) return []
  return [
    {
      code: 'LOCKSTEP_ERR_CERT_NAME_REFUSED',
      message: `The local CA may not name "${host}", because it is limited to names that can't exist on the public Internet.`,
      hint: 'Take a name such as shop.test or shop.localhost, or say --self-signed.',
      source: 'NAME',
    },
  ]
}

function replacedFaults(files: readonly string[]): Fault[] {
  const existing = files.filter((file) => existsSync(file))
  return existing.length === 0
    ? []
    : [
        {
          code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
          message: `${existing.join(' and ')} would be replaced.`,
          hint: 'Choose another folder with --out, or say --force.',
        },
      ]
}

function wrongDays(found: string): Fault {
  return {
    ...invalid('--days', `a whole number from 1 to ${longestLeafDays}; found "${found}"`),
    hint: 'The renewal of a certificate with a longer life is never tried. Make a new one when it is due.',
  }
}

function invalid(source: string, expects: string): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_INVALID',
    message: `${source} must be ${expects}.`,
    hint: '`lockstep cert create --help` shows what it takes.',
    source,
  }
}
