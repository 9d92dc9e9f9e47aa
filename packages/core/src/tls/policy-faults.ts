import type { Fault } from '../errors/launch-error.ts'
import type { OptionName } from '../options/option-table.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { cipherFaults } from './cipher-lists.ts'

/** What is wrong with versions and ciphers, by themselves and together. */
export function policyFaults(options: ResolvedOptions): Fault[] {
  const {
    'tls.minVersion': min,
    'tls.maxVersion': max,
    'tls.ciphers': ciphers,
    'tls.ciphersuites': suites,
  } = options
  return [
    ...(min.value > max.value ? [emptyRange(options)] : []),
    ...(ciphers.value === null
      ? []
      : cipherFaults({ list: ciphers.value, version: 'TLSv1.2', source: ciphers.source.label })),
    ...(ciphers.value !== null && min.value === 'TLSv1.3'
      ? [unused('tls.ciphers', 'TLS 1.2 is switched off by tls.minVersion', ciphers.source.label)]
      : []),
    ...(suites.value === null
      ? []
      : cipherFaults({ list: suites.value, version: 'TLSv1.3', source: suites.source.label })),
    ...(suites.value !== null && max.value === 'TLSv1.2'
      ? [unused('tls.ciphersuites', 'TLS 1.3 is switched off by tls.maxVersion', suites.source.label)]
      : []),
  ]
}

function emptyRange({ 'tls.minVersion': min, 'tls.maxVersion': max }: ResolvedOptions): Fault {
  return {
    code: 'ERR_TLS_VERSION_RANGE',
    message: `The lowest TLS version (${min.value}) is above the highest (${max.value}).`,
    hint: 'Lower tls.minVersion or raise tls.maxVersion.',
    source: (min.source.kind === 'default' ? max : min).source.label,
  }
}

function unused(name: OptionName, reason: string, source: string): Fault {
  return {
    code: 'ERR_TLS_CIPHERS_UNUSED',
    message: `${name} would have no effect: ${reason}.`,
    hint: 'Leave one of the two out.',
    source,
  }
}
