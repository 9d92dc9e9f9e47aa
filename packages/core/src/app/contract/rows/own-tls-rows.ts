import { type ContractRow, type ContractSection, honoured, refused } from '../contract-row.ts'
import { type OwnTlsKind, type OwnTlsSetting, ownTlsCures, tlsSettings } from '../own-tls.ts'

const code = 'LOCKSTEP_ERR_APP_TLS'
const programs = refused(
  'LOCKSTEP_ERR_PROGRAM_TLS',
  'Start the program without TLS. Lockstep speaks plain HTTP/1.1 to it.',
)

/** What ends TLS by itself. The cures are those of the errors. */
export const ownTlsRows = {
  title: 'TLS of its own',
  heads: ['the export', 'what happens'],
  programs,
  rows: Object.fromEntries(
    Object.entries(ownTlsCures).map(([kind, cure]) => [
      kind,
      {
        what: kind.replace(/\b[\w.]+\(\)|https?\.Server|tls\.Server/, '`$&`'),
        inNode: refused(code, asCode(cure)),
      },
    ]),
  ) as { readonly [Kind in OwnTlsKind]: ContractRow },
} as const satisfies ContractSection

/** The settings that such an error names, with the option that does the same here. */
export const tlsSettingRows = {
  title: 'Settings of TLS',
  heads: ['setting of the app', 'instead'],
  programs: honoured('Set TLS with the options of Lockstep.'),
  rows: Object.fromEntries(
    Object.entries<{ readonly option: string | null }>(tlsSettings).map(([name, { option }]) => [
      name,
      {
        what: name.replace(/^(a listener for )?(.*)$/, '$1`$2`'),
        inNode: refused(code, option === null ? 'There is no option for it.' : asCode(option)),
      },
    ]),
  ) as { readonly [Name in OwnTlsSetting]: ContractRow },
} as const satisfies ContractSection

/** Flags with their values, and calls of Node, as code. */
function asCode(text: string): string {
  return text.replaceAll(
    /--[\w-]+(?: (?:[A-Z][A-Z=,]*(?![a-z])|h2\S+))?|https?\.(?:Server|createServer\(.*?\))/g,
    '`$&`',
  )
}
