import { type OptionName, optionRow, type ResolvedOptions } from '@lockstep/core/internal'

/** Why an option that the backend can honour does nothing in this plan, as a sentence without its end; `null`: it has an effect. */
export function withoutEffect(name: OptionName, options: ResolvedOptions): string | null {
  if (optionRow(name).group === 'tls' && !hasTls(options) && options[name].value !== null)
    // A trusted proxy may end TLS, and this header is sent then too.
    return name === 'tls.hsts' ? null : 'the server has no TLS'
  return conditions[name]?.(options) ?? null
}

/** The value that switches a feature off, where that is the default: there is nothing to honour. */
export function isOff(name: OptionName, options: ResolvedOptions): boolean {
  const { value, source } = options[name]
  return source.kind === 'default' && (value === false || offValues[name] === value)
}

const offValues: { readonly [Name in OptionName]?: unknown } = {
  sticky: 'none',
  'reload.maxUnavailable': 0,
  'tls.clientAuth': 'none',
  'proxy.protocol': 'off',
  'timeouts.drainDelay': 0,
}

function hasTls(options: ResolvedOptions): boolean {
  return (
    options['tls.selfSigned'].value === true ||
    (['tls.cert', 'tls.pfx', 'tls.sni'] as const).some((name) => options[name].value !== null)
  )
}

const conditions: {
  readonly [Name in OptionName]?: (options: ResolvedOptions) => string | null
} = {
  'accessLog.format': (options) =>
    options['accessLog.file'].value === null ? 'there is no access log' : null,
  'proxy.header': (options) => (options['proxy.trusted'].value === null ? 'no proxy is trusted' : null),
  'tls.unknownHost': (options) =>
    options['tls.sni'].value === null && options['tls.unknownHost'].source.kind === 'default'
      ? 'there are no certificates for further hosts'
      : null,
  'reload.maxSurge': (options) =>
    options['reload.mode'].value === 'restart' ? 'a restart ends all old workers first' : null,
  balance: ({ balance, workers }) =>
    balance.source.kind === 'default' && workers.value === 1 ? 'there is one worker' : null,
}
