import { describe, expect, it } from 'vitest'
import { hideKeyText } from '../../src/errors/hide-key-text.ts'
import { isSecretVariable } from '../../src/options/sources/environment/secret-variables.ts'
import { deleteVariables, withPlatformNames } from '../../src/platform/system/variable-names.ts'

describe('a variable that may hold a secret', () => {
  it.each([
    'LOCKSTEP_TLS_KEY',
    'LOCKSTEP_TLS_PFX',
    'LOCKSTEP_TLS_PASSPHRASE',
    'LOCKSTEP_TLS_PASSPHRASE_COMMAND',
    'LOCKSTEP_TLS_SNI',
    // By the names of its other flags.
    'LOCKSTEP_KEY',
    'LOCKSTEP_SSL_KEYFILE',
  ])('is %s', (name) => {
    expect(isSecretVariable(name, { platform: 'linux' })).toBe(true)
    expect(isSecretVariable(name.toLowerCase(), { platform: 'win32' })).toBe(true)
    expect(isSecretVariable(name.toLowerCase(), { platform: 'linux' })).toBe(false)
  })

  it('is not one that holds a certificate or a port', () => {
    expect(['LOCKSTEP_TLS_CERT', 'PORT', 'PATH'].some((name) => isSecretVariable(name))).toBe(false)
  })
})

it('recognises variables of Windows by their upper-case names', () => {
  expect(withPlatformNames({ Lockstep_Port: '1' }, 'win32')).toEqual({ LOCKSTEP_PORT: '1' })
  expect(withPlatformNames({ Lockstep_Port: '1' }, 'linux')).toEqual({ Lockstep_Port: '1' })
})

it.each([
  ['win32', { PATH: 'x' }],
  ['linux', { Node_Options: '--require=a', PATH: 'x' }],
] as const)('deletes variables by the case rule of %s', (platform, left) => {
  const environment = { Node_Options: '--require=a', NODE_OPTIONS: '--require=b', PATH: 'x' }
  deleteVariables(environment, ['NODE_OPTIONS'], platform)
  expect(environment).toEqual(left)
})

describe('key text in a message', () => {
  it.each([
    ['-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\nabcdefgh\n-----END PRIVATE KEY-----'],
    ['-----BEGIN RSA PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA'],
    ['-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nabcdefgh'],
    ['MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgN2bV8p1Q0aZf4n6K'],
  ])('is hidden: %s', (text) => {
    expect(hideKeyText(`The value ${text}`)).toBe('The value (key text, not shown)')
  })

  it.each([
    ['It must be PEM text that begins with -----BEGIN PRIVATE KEY-----. [LOCKSTEP_ERR_TLS_KEY_INVALID]'],
    ['/home/alice/Projects/2026/website/releases/current/certificates/server.pem'],
    ['/srv/Applications/Production/Release20261129/Certificates/private/key'],
    ['AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89'],
  ])('is distinguished from: %s', (text) => {
    expect(hideKeyText(text)).toBe(text)
  })
})
