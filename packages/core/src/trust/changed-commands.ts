import type { Fault } from '../errors/launch-error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'

/**
 * A fault for a passphrase command that the code of a configuration file names otherwise than at the start. At a reload that code runs as the
 * user that serves, and what that user can influence, root must not run.
 */
export function changedCommands(before: ResolvedOptions, after: ResolvedOptions): Fault[] {
  return (['tls.passphraseCommand', 'tls.sni'] as const).flatMap((name): Fault[] => {
    const { source } = after[name]
    if (source.kind !== 'config' || commandsOf(before, name) === commandsOf(after, name)) return []
    return [
      {
        code: 'LOCKSTEP_ERR_RELOAD_NEEDS_START',
        message: `A passphrase command in ${source.label} has changed: the file was loaded as the user that serves, and root runs no command that comes from there.`,
        hint: 'Stop the server and start it again, or write the command into a file of data, such as lockstep.config.json, or into .env.',
        source: source.label,
      },
    ]
  })
}

function commandsOf(options: ResolvedOptions, name: 'tls.passphraseCommand' | 'tls.sni'): string {
  if (name === 'tls.passphraseCommand') return options[name].value ?? ''
  return JSON.stringify(
    (options[name].value ?? []).map(({ host, passphraseCommand }) => [host, passphraseCommand]),
  )
}
