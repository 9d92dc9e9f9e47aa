import type { LocalAuthority, TrustCommand } from '@lockstep/certs'
import { type TrustStores, visibleText } from '@lockstep/core/internal'
import { doneLine, noteLine, warningLine } from '../../render/result-lines.ts'

/** A command as it would be typed. */
export function renderCommand({ program, args }: Pick<TrustCommand, 'program' | 'args'>): string {
  return [program, ...args].map(renderWord).join(' ')
}

/** A word of a command, such as a path: in quotes where a shell needs them, and safe to show. */
export function renderWord(word: string): string {
  return visibleText(quoted(word))
}

/** A word without special characters stays unquoted. */
function quoted(word: string): string {
  if (/^[\w@%+=:,./\\-]+$/.test(word)) return word
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

export function renderTrusted({ commonName, rootFile }: LocalAuthority, stores: TrustStores): string {
  return [
    doneLine(`This machine trusts ${commonName}.`),
    ...(stores.nssDatabases.length > 0 && !stores.hasNssTool
      ? [
          warningLine(
            "Firefox and Chromium ask stores of their own here. Install NSS's certutil (libnss3-tools, nss-tools), and run this command again.",
          ),
        ]
      : []),
    noteLine(
      `Node asks the store of the machine only with --use-system-ca. Otherwise set NODE_EXTRA_CA_CERTS=${renderWord(rootFile)}`,
    ),
  ].join('')
}

export function renderUntrusted({ commonName, rootFile }: LocalAuthority): string {
  return doneLine(
    `This machine does not trust ${commonName} any more. It is kept in ${visibleText(rootFile)}.`,
  )
}
