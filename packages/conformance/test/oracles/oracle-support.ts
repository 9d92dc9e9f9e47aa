import type { OptionName } from '@lockstep/core'
import {
  honoured,
  launcherSupport,
  type OptionSupport,
  optionNames,
  refused,
  type SupportAnswer,
} from '@lockstep/core/backend'

/**
 * The support table of an oracle: its own answers, added to those that all oracles share. An option without a mapping to the program's own
 * directives is refused.
 */
export function oracleSupport(program: string, own: Partial<OptionSupport>): OptionSupport {
  const unmapped = refused(`it has no mapping to a directive of ${program}`, 'Leave it out.')
  const all = Object.fromEntries(optionNames.map((name) => [name, unmapped])) as Record<
    OptionName,
    SupportAnswer
  >
  return {
    ...all,
    ...launcherSupport,
    app: (app) =>
      typeof app === 'string' && app.endsWith('observable-app.js')
        ? honoured('its answers are written into the configuration')
        : refused(`${program} runs no apps`, "Use the suite's own app."),
    host: honoured('bound by the program'),
    port: honoured('bound by the program'),
    'tls.cert': honoured('the certificate of the program'),
    'tls.key': honoured('the key of the program'),
    ...own,
  }
}
