import type { Fault } from '../../errors/launch-error.ts'
import { isPemPath } from '../../options/kinds/tls/pem-path.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { PlannedIdentity } from '../../plan/launch-plan.ts'
import { starterTrust } from '../../platform/accounts/trust-rule.ts'
import { type SecretFileState, secretFileState } from '../../platform/files/secret-file-state.ts'
import { curesOf, describeDistrust } from '../../trust/untrusted-fault.ts'
import { filesWithSecrets, type SecretFile } from '../files-with-secrets.ts'

/** Files with secrets in them that others on this machine can get at: faults, or warnings if the user has said so. */
export function secretFileFaults(
  options: ResolvedOptions,
  { runAs }: { runAs: PlannedIdentity | null },
): { faults: Fault[]; warnings: string[] } {
  const rule = starterTrust(runAs)
  const files = [...secretFiles(options), ...filesWithSecrets(options)]
  // Once for each path: how it was read is noted once.
  const states = new Map(
    [...new Set(files.map(({ file }) => file))].map((file) => [file, secretFileState(file, rule)]),
  )
  const found = files.flatMap((file) => problem(file, states.get(file.file) ?? { kind: 'private' }))
  return options['tls.keyPermissions'].value === 'warn'
    ? { faults: [], warnings: found.map(({ message, hint }) => `${message} ${hint}`) }
    : { faults: found, warnings: [] }
}

function secretFiles({
  'tls.key': key,
  'tls.pfx': pfx,
  'tls.passphraseFile': passphraseFile,
  'tls.sni': sni,
}: ResolvedOptions): SecretFile[] {
  return [
    ...(key.value ?? []).flatMap((file) =>
      isPemPath(file) ? [{ what: 'private key', file, source: key.source.label }] : [],
    ),
    ...(typeof pfx.value === 'string'
      ? [{ what: 'PKCS#12 file', file: pfx.value, source: pfx.source.label }]
      : []),
    ...(sni.value ?? []).flatMap((host) => {
      const source = sni.source.label
      const of = (what: string, values: readonly unknown[]): SecretFile[] =>
        values.flatMap((file) =>
          typeof file === 'string' && isPemPath(file)
            ? [{ what: `${what} of ${host.host}`, file, source }]
            : [],
        )
      return [
        ...of('private key', host.key),
        ...of('PKCS#12 file', host.pfx),
        ...of('passphrase file', [host.passphraseFile]),
      ]
    }),
    ...(passphraseFile.value === null
      ? []
      : [{ what: 'passphrase file', file: passphraseFile.value, source: passphraseFile.source.label }]),
  ]
}

function problem({ what, file, holds, source }: SecretFile, state: SecretFileState): Fault[] {
  const named = `The ${what} ${file}${holds === undefined ? '' : `, which holds the ${holds},`}`
  switch (state.kind) {
    case 'private':
      return []
    case 'open':
      return [
        {
          code: 'LOCKSTEP_ERR_TLS_KEY_PERMISSIONS',
          message: `${named} can be read or changed by others on this machine (mode ${state.mode}).`,
          hint: `Run \`chmod 600 ${file}\`. If a volume sets the modes, use --tls-key-permissions warn.`,
          source,
        },
      ]
    case 'foreign':
      return [
        {
          code: 'LOCKSTEP_ERR_TLS_KEY_PERMISSIONS',
          message: `${named} belongs to another user (uid ${state.uid}), who can read and change it.`,
          hint: `Give it to this user or to root with chown; or --tls-key-permissions warn, where a volume has its own owner.`,
          source,
        },
      ]
    case 'replaceable':
      return [
        {
          code: 'LOCKSTEP_ERR_TLS_KEY_PERMISSIONS',
          message: `${named} can be replaced by others on this machine: ${state.by[0] ? describeDistrust(state.by[0], file) : ''}.`,
          hint: `${curesOf(state.by, process.geteuid?.()).join(' && ')}; or --tls-key-permissions warn, where a volume has its own modes.`,
          source,
        },
      ]
  }
}
