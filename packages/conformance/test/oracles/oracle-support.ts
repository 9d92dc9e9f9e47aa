import { type BackendSupport, honoured, launcherSupport, refused } from '@lockstep/core/backend'

/**
 * The table of an oracle: what it answers for by itself, on top of what holds for all of them. An option that is not mapped to the program's
 * own directives has no answer, and so is refused.
 */
export function oracleSupport(program: string, own: BackendSupport): BackendSupport {
  return {
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
