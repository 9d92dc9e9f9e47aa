import type { Fault } from '../../../errors/launch-error.ts'
import { http } from '../../../platform/node/node-http.ts'
import { nodeTls } from '../../../platform/node/node-tls.ts'
import { readNodeOptions } from '../../../platform/node/read-node-options.ts'
import { currentFolder } from '../../../platform/process/current-folder.ts'
import type { OptionName } from '../../option-table.ts'
import type { RawValue } from '../raw-options.ts'
import type { Environment } from './read-environment.ts'

/**
 * Settings of Node for the whole process, given by `NODE_OPTIONS` or before the script, that mean the same as an option: each is the
 * default of that option. The launcher passes its options to Node outright, so that these would be dropped else.
 */
export function readNodeSettings(given: readonly RawValue[]): RawValue[] {
  const values: RawValue[] = []
  const set = (name: OptionName, flag: string, raw: unknown): void =>
    void values.push({
      name,
      raw,
      source: { kind: 'default', label: `Node: ${flag}`, directory: currentFolder() },
    })

  const headerSize = '--max-http-header-size'
  if (isSet(headerSize)) set('limits.headerBytes', headerSize, http.maxHeaderSize)

  // Those of TLS are for clients too: without a certificate of the server they say nothing about it.
  if (!given.some(({ name }) => bringsCertificate.has(name))) return values
  const { DEFAULT_MIN_VERSION, DEFAULT_MAX_VERSION, DEFAULT_CIPHERS } = nodeTls()
  const min = ['1.0', '1.1', '1.2', '1.3'].map((version) => `--tls-min-v${version}`).find(isSet)
  const max = ['1.3', '1.2'].map((version) => `--tls-max-v${version}`).find(isSet)
  const list = '--tls-cipher-list'
  if (min !== undefined) set('tls.minVersion', min, DEFAULT_MIN_VERSION)
  if (max !== undefined) set('tls.maxVersion', max, DEFAULT_MAX_VERSION)
  if (isSet(list)) {
    const names = DEFAULT_CIPHERS.split(':')
    const suites = names.filter((name) => name.startsWith('TLS_'))
    const ciphers = names.filter((name) => !name.startsWith('TLS_'))
    // As in Node: a list without a name for one of the two versions switches that version off.
    if (suites.length > 0) set('tls.ciphersuites', list, suites.join(':'))
    else set('tls.maxVersion', list, 'TLSv1.2')
    if (ciphers.length > 0) set('tls.ciphers', list, ciphers.join(':'))
    else set('tls.minVersion', list, 'TLSv1.3')
  }
  return values
}

const bringsCertificate: ReadonlySet<OptionName> = new Set([
  'tls.cert',
  'tls.key',
  'tls.pfx',
  'tls.selfSigned',
])

/** Switches of Node that undo what the launcher promises, with what they would do. */
const unsafeSwitches = {
  '--insecure-http-parser':
    'requests that break RFC 9112 would reach the app, and a proxy in front may read them differently (request smuggling)',
  '--security-revert': 'a security fix of Node would be undone',
} as const

/**
 * Why a launch is refused for how Node itself is set: nothing that it serves would keep its promises. `variables` are those of the environment file, which
 * workers get.
 */
export function nodeSettingFaults({ variables }: { variables: Environment }): Fault[] {
  const ofProcess = process.env['NODE_OPTIONS'] ?? ''
  const ofFile = ofProcess === '' ? (variables['NODE_OPTIONS'] ?? '') : ''
  const places = [
    { words: process.execArgv, source: 'the arguments of Node' },
    { words: readNodeOptions(ofProcess), source: 'NODE_OPTIONS' },
    { words: readNodeOptions(ofFile), source: 'NODE_OPTIONS in the environment file' },
  ]
  const switches = places.flatMap(({ words, source }) =>
    Object.entries(unsafeSwitches)
      .filter(([flag]) => words.some((word) => word.replace(/=.*/s, '').replaceAll('_', '-') === flag))
      .map(([flag, effect]) => unsafe({ setting: flag, effect, source, cure: `Remove it from ${source}.` })),
  )
  const name = 'NODE_TLS_REJECT_UNAUTHORIZED'
  const given = process.env[name] ?? variables[name]
  if (given !== '0') return switches
  return [
    ...switches,
    unsafe({
      setting: `${name}=0`,
      effect: 'the app would accept any certificate of the servers that it connects to',
      source: process.env[name] === undefined ? 'the environment file' : 'the environment',
      cure: 'Remove it, and name the CA of those servers: NODE_EXTRA_CA_CERTS=ca.pem.',
    }),
  ]
}

function unsafe({
  setting,
  effect,
  source,
  cure,
}: Record<'setting' | 'effect' | 'source' | 'cure', string>): Fault {
  return {
    code: 'LOCKSTEP_ERR_NODE_SETTING',
    message: `${setting} of Node is set: ${effect}.`,
    hint: cure,
    source,
  }
}

/** Node takes both `-` and `_` between the words of a flag. */
function isSet(flag: string): boolean {
  const text = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ').replaceAll('_', '-')
  return new RegExp(`(?:^|[\\s"'])${flag}(?![\\w.-])`).test(text)
}
