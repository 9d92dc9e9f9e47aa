import {
  honoured,
  launcherSupport,
  type OptionName,
  type OptionSupport,
  optionNames,
  refused,
  type SupportAnswer,
} from '@lockstep/core'

/**
 * The table of an oracle: what it answers for by itself, on top of what holds for all of them. An option that nobody has mapped
 * to the program's own directives is refused: an oracle speaks only where it was taught to.
 */
export function oracleSupport(program: string, own: Partial<OptionSupport>): OptionSupport {
  const unmapped = refused(`nobody has mapped it to a directive of ${program}`, 'Leave it out.')
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
