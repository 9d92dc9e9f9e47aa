import { readFileSync } from 'node:fs'
import { isPemPath } from '../options/kinds/tls/pem-path.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { isCode } from '../options/sources/config-file/find-config-file.ts'
import type { ValueSource } from '../options/sources/raw-options.ts'

/** A file that holds a secret. */
export interface SecretFile {
  readonly what: string
  readonly file: string
  /** Which secret, where that does not follow from what it is. */
  readonly holds?: string
  /** Where it was named, or what it contains. */
  readonly source: string
}

/** Environment and configuration files that hold a private key or a passphrase themselves, and not the path of one. */
export function filesWithSecrets({
  'tls.key': key,
  'tls.passphrase': passphrase,
  'tls.sni': sni,
}: ResolvedOptions): SecretFile[] {
  const found = [
    ...(key.value ?? []).map((value) => ({ holds: 'private key', value, source: key.source })),
    ...[passphrase.value].map((value) => ({ holds: 'passphrase', value, source: passphrase.source })),
    ...(sni.value ?? []).flatMap((host) => [
      ...host.key.map((value) => ({ holds: `private key of ${host.host}`, value, source: sni.source })),
      { holds: `passphrase of ${host.host}`, value: host.passphrase, source: sni.source },
    ]),
  ]
  const files = found.flatMap(({ holds, value, source }) =>
    typeof value === 'string' && source.file !== undefined && standsIn({ value, holds, source })
      ? [{ what: kindOf(source), file: source.file, holds, source: source.label }]
      : [],
  )
  return files.filter(({ file }, index) => files.findIndex((other) => other.file === file) === index)
}

function kindOf({ kind }: ValueSource): string {
  return kind === 'dotenv' ? 'environment file' : 'configuration file'
}

function standsIn({ value, holds, source }: { value: string; holds: string; source: ValueSource }): boolean {
  if (holds.startsWith('private key') && isPemPath(value)) return false
  const { file = '' } = source
  // Code may have it from anywhere.
  return source.kind === 'dotenv' || !isCode(file) || hasText(file, value)
}

function hasText(file: string, value: string): boolean {
  const text = readFileSync(file, 'utf8')
  // The first line behind the header of a key, or the whole passphrase.
  return text.includes(value) || text.includes(value.split('\n')[1] || value)
}
