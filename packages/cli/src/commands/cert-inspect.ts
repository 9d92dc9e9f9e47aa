import { readFileSync } from 'node:fs'
import { type CertificateError, inspectCertificate } from '@lockstep/certs'
import { LaunchError } from '@lockstep/core'
import { renderCertificates } from '../render/certificates.ts'
import type { Command } from './command.ts'

export const certInspectCommand: Command = {
  name: 'cert inspect',
  summary: 'Show the certificates of a PEM or DER file.',
  positionals: ['FILE'],
  takesOptions: false,
  flags: { json: { takesValue: false, summary: 'Write the facts as JSON.' } },
  async run(line, output) {
    const [file] = line.positionals
    if (file === undefined)
      throw new LaunchError({
        code: 'ERR_COMMAND_UNKNOWN',
        message: 'No file is named.',
        hint: 'lockstep cert inspect FILE',
      })
    const facts = inspectFile(file)
    output.out(
      line.commandFlags.has('json') ? `${JSON.stringify(facts, null, 2)}\n` : renderCertificates(facts),
    )
    return 0
  },
}

function inspectFile(file: string): ReturnType<typeof inspectCertificate> {
  try {
    return inspectCertificate(readFileSync(file))
  } catch (error) {
    const { message, hint = 'Name a file that this user may read.' } = error as Partial<CertificateError> &
      Error
    throw new LaunchError({
      code:
        'code' in (error as object) && 'hint' in (error as object)
          ? 'ERR_TLS_CERT_INVALID'
          : 'ERR_TLS_FILE_UNREADABLE',
      message: `${file}: ${message}`,
      hint,
      source: file,
      cause: error,
    })
  }
}
