import type { Fault } from '../../errors/launch-error.ts'
import type { OptionName } from '../../options/option-table.ts'
import type { Resolved, ResolvedOptions } from '../../options/resolve-options.ts'
import { cipherFaults } from './cipher-lists.ts'
import { effectiveVersions } from './effective-policy.ts'
import { negotiationFaults } from './negotiation-faults.ts'

/** What is wrong with versions, ciphers, groups and signatures, by themselves and together. */
export function policyFaults(options: ResolvedOptions): Fault[] {
  const { 'tls.ciphers': ciphers, 'tls.ciphersuites': suites } = options
  const { minVersion, maxVersion } = effectiveVersions(options)
  return [
    ...(minVersion > maxVersion ? [emptyRange(options)] : []),
    ...(ciphers.value === null
      ? []
      : cipherFaults({ list: ciphers.value, version: 'TLSv1.2', source: ciphers.source.label })),
    ...(isAsked(ciphers) && minVersion === 'TLSv1.3'
      ? [unused('tls.ciphers', `TLS 1.2 is switched off by ${setterOfFloor(options)}`, ciphers.source.label)]
      : []),
    ...(suites.value === null
      ? []
      : cipherFaults({ list: suites.value, version: 'TLSv1.3', source: suites.source.label })),
    ...(isAsked(suites) && maxVersion === 'TLSv1.2'
      ? [unused('tls.ciphersuites', 'TLS 1.3 is switched off by tls.maxVersion', suites.source.label)]
      : []),
    ...negotiationFaults(options),
    ...sessionFaults(options),
  ]
}

/** A setting of Node for the whole process may be meant for clients. */
function isAsked({ value, source }: Resolved<string | null>): boolean {
  return value !== null && source.kind !== 'default'
}

function sessionFaults({
  'tls.sessionTickets': tickets,
  'tls.sessionTimeout': timeout,
}: ResolvedOptions): Fault[] {
  if (tickets.value || timeout.source.kind === 'default') return []
  return [
    {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      message: `${timeout.source.label} would have no effect: ${tickets.source.label} lets no session be resumed.`,
      hint: 'Leave one of the two out.',
      source: timeout.source.label,
    },
  ]
}

function setterOfFloor({ 'tls.minVersion': min, 'tls.profile': profile }: ResolvedOptions): string {
  return min.value === null ? `tls.profile (${profile.value})` : 'tls.minVersion'
}

function emptyRange(options: ResolvedOptions): Fault {
  const { 'tls.minVersion': min, 'tls.maxVersion': max, 'tls.profile': profile } = options
  const floor = min.value === null ? profile : min
  return {
    code: 'LOCKSTEP_ERR_TLS_VERSION_RANGE',
    message: `The lowest TLS version (${effectiveVersions(options).minVersion}) is above the highest (${max.value}).`,
    hint: `Lower ${min.value === null ? 'tls.profile' : 'tls.minVersion'} or raise tls.maxVersion.`,
    source: (floor.source.kind === 'default' ? max : floor).source.label,
  }
}

function unused(name: OptionName, reason: string, source: string): Fault {
  return {
    code: 'LOCKSTEP_ERR_TLS_CIPHERS_UNUSED',
    message: `${name} would have no effect: ${reason}.`,
    hint: 'Leave one of the two out.',
    source,
  }
}
