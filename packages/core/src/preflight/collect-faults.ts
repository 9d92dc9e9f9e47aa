import type { Fault, LaunchError } from '../errors/launch-error.ts'
import { type OptionName, optionNames } from '../options/option-table.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { nodeSettingFaults } from '../options/sources/environment/node-settings.ts'
import { addressSource } from '../plan/plan-addresses.ts'
import { planHttps } from '../plan/plan-https.ts'
import { tryAddresses } from '../platform/net/address/try-addresses.ts'
import type { Findings } from './examine.ts'
import { fileFaults } from './faults/file-faults.ts'
import { folderFaults } from './faults/folder-faults.ts'
import { healthFaults } from './faults/health-faults.ts'
import { keylogFaults } from './faults/keylog-faults.ts'
import { proxyFaults } from './faults/proxy-faults.ts'
import { replacementFaults } from './faults/replacement-faults.ts'
import { timeoutFaults } from './faults/timeout-faults.ts'
import type { PreflightContext } from './preflight-context.ts'

/** Whether all of these options had a valid value. */
type Intact = (...names: readonly OptionName[]) => boolean

/**
 * Collects all faults in the order in which a user would correct them. An option without a valid value has its default, and nothing that
 * follows from that default is reported.
 */
export async function collectFaults(
  options: ResolvedOptions,
  findings: Findings,
  context: PreflightContext,
): Promise<readonly Fault[]> {
  const { app, accounts, tls, addresses, backend, refused, secretFiles } = findings
  const intact: Intact = (...names) => !names.some((name) => context.broken.has(name))
  return [
    ...nodeSettingFaults(context),
    ...(intact('backend', 'workers') ? backend.faults : []),
    ...(intact('app', 'command') ? app.faults : []),
    ...(intact('app', 'command', 'backend', 'workers') ? findings.unfit : []),
    ...(intact(...optionNames.filter((name) => name.startsWith('tls.')))
      ? [...tls.faults, ...secretFiles.faults]
      : []),
    ...(intact('bind', 'host', 'port') ? addresses.faults : []),
    ...(intact('tls.redirect', 'tls.redirectPort') ? findings.redirectFaults : []),
    ...(intact('timeouts.headers', 'timeouts.request') ? timeoutFaults(options) : []),
    ...(intact('reload.maxSurge', 'reload.maxUnavailable') ? replacementFaults(options) : []),
    ...(intact('proxy.trusted', 'proxy.header', 'proxy.protocol') ? proxyFaults(options) : []),
    ...(intact('health.ready', 'health.live') ? healthFaults(options) : []),
    ...refused.map(({ fault }) => fault),
    ...(context.isRunning ? [] : faultsAtStart(options, { accounts, intact })),
    ...keylogFaults(options, { servedBy: accounts.runAs?.uid ?? null }),
    ...(context.tryToBind ? await bindFaults(options, findings, intact) : []),
  ]
}

/** What matters only until the server runs. */
function faultsAtStart(
  options: ResolvedOptions,
  { accounts, intact }: { accounts: Findings['accounts']; intact: Intact },
): readonly Fault[] {
  return [
    ...(intact('user', 'group', 'socket.mode', 'socket.owner', 'socket.group', 'bind')
      ? accounts.faults
      : []),
    ...(intact('chdir') ? folderFaults(options) : []),
    ...fileFaults(options),
  ]
}

/** Tries the addresses of which nothing else is wrong. */
async function bindFaults(
  options: ResolvedOptions,
  { accounts, surroundings, addresses, refused, redirectFaults }: Findings,
  intact: Intact,
): Promise<readonly Fault[]> {
  const isRefused = (name: OptionName): boolean => refused.some(({ option }) => option === name)
  const hasAccounts = accounts.faults.length === 0
  const canBind = hasAccounts && intact('bind', 'host', 'port') && addresses.faults.length === 0
  const canRedirect = hasAccounts && intact('tls.redirect') && redirectFaults.length === 0
  const tried = canBind && !isRefused('bind') ? await tryAddresses(addresses.addresses) : []
  const redirects =
    canRedirect && !isRefused('tls.redirect')
      ? await tryAddresses(planHttps(options, surroundings).redirect)
      : []
  return [
    ...faultsOf(tried, (fault) => addressSource(options, fault.code)),
    ...faultsOf(redirects, () => options['tls.redirect'].source.label),
  ]
}

function faultsOf(errors: readonly LaunchError[], sourceOf: (fault: Fault) => string): Fault[] {
  return errors.flatMap(({ faults }) => faults).map((fault) => ({ ...fault, source: sourceOf(fault) }))
}
