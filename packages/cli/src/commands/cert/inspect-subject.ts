import type { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import {
  CertificateError,
  inspectServer,
  readCertificateFile,
  readText,
  type ServedConnection,
} from '@lockstep/certs'
import { asCertificateFault, certificateFault } from './certificate-fault.ts'

/** The certificates that are to be judged, and for which host. */
export interface InspectedSubject {
  /** The file, or `host:port`. */
  readonly source: string
  readonly chain: readonly X509Certificate[]
  /** `null` for a file, and for a server that ended the handshake. */
  readonly connection: ServedConnection | null
  readonly host: string | null
}

/** Reads a file, or asks a server where there is no such file and the words can be its address. */
export async function inspectSubject(
  named: string,
  {
    serverName,
    passphraseFile,
    trustedPems,
  }: {
    serverName: string | undefined
    passphraseFile: string | undefined
    trustedPems: readonly string[]
  },
): Promise<InspectedSubject> {
  const address = existsSync(named) ? null : serverAddress(named)
  try {
    if (address) {
      const { chain, connection } = await inspectServer({
        ...address,
        trustedPems,
        ...(serverName !== undefined && { serverName }),
      })
      return { source: named, chain, connection, host: serverName ?? address.host }
    }
    const passphrase =
      passphraseFile === undefined
        ? undefined
        : asCertificateFault(passphraseFile, () => readPassphraseFile(passphraseFile))
    const chain = readCertificateFile(readFileSync(named), { passphrase })
    return { source: named, chain, connection: null, host: serverName ?? null }
  } catch (error) {
    throw certificateFault(named, error)
  }
}

/** As the launcher reads it. */
function readPassphraseFile(file: string): string {
  const read = readText(readFileSync(file))
  if (read.kind === 'refused') {
    throw new CertificateError({
      code: 'LOCKSTEP_ERR_CERT_ENCODING',
      message: `The file ${read.says}.`,
      hint: read.cure.replaceAll('FILE', file),
    })
  }
  return read.text.replace(/(?:\r?\n|\r)$/, '')
}

/** `host:port`, `[address]:port`, or a URL. A drive letter of Windows has no number behind its colon. */
function serverAddress(text: string): { host: string; port: number } | null {
  const [, host, port] = /^(?:https:\/\/)?(\[[0-9a-f:.]+\]|[^:/\\[\]]+)(?::(\d{1,5}))?\/?$/i.exec(text) ?? []
  if (host === undefined || (port === undefined && !text.startsWith('https://'))) return null
  const number = Number(port ?? 443)
  return number > 65_535 ? null : { host: host.replaceAll(/^\[|\]$/g, ''), port: number }
}
