import { createAuthority, issueCertificate } from '@lockstep/certs'
import type { LockstepConfig } from '@lockstep/core'
import type { PlannedTls } from '@lockstep/core/backend'
import { prepareLaunch } from '@lockstep/core/internal'
import { expect, it } from 'vitest'
import { caddyConnectionPolicy, isForGo } from './oracles/caddy-connection-policy.ts'
import { nginxTlsDirectives, nginxTlsFiles } from './oracles/nginx-tls-directives.ts'

const plain = await planOf({
  ciphers: 'ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-SHA',
  ciphersuites: 'TLS_AES_128_GCM_SHA256',
})

async function planOf(policy: NonNullable<LockstepConfig['tls']>): Promise<PlannedTls> {
  const { chainPem, keyPem } = await issueCertificate({ hosts: ['localhost'] })
  const { plan } = await prepareLaunch(
    {
      api: {
        app: () => undefined,
        host: '127.0.0.1',
        port: 0,
        tls: { cert: chainPem, key: keyPem, ...policy },
      },
    },
    { config: false, envFile: false, environment: false },
  )
  if (!plan?.tls) throw new TypeError('these options give a plan with TLS')
  return plan.tls
}

it('writes a plan as an nginx configuration', () => {
  expect(nginxTlsDirectives(plain)).toEqual([
    'ssl_certificate cert-1.pem;',
    'ssl_certificate_key key-1.pem;',
    'ssl_protocols TLSv1.2 TLSv1.3;',
    'ssl_ciphers "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-SHA";',
    'ssl_prefer_server_ciphers on;',
    'ssl_conf_command Ciphersuites "TLS_AES_128_GCM_SHA256";',
    'ssl_session_ticket_key ticket.key;',
    'ssl_verify_client off;',
  ])
  expect(nginxTlsFiles(plain)).toEqual({
    'cert-1.pem': plain.chains[0]?.cert,
    'key-1.pem': plain.chains[0]?.key,
    'ticket.key': plain.ticketKeys,
  })
})

it.each([
  ['TLSv1.2', 'TLSv1.2', 'ssl_protocols TLSv1.2;'],
  ['TLSv1.3', 'TLSv1.3', 'ssl_protocols TLSv1.3;'],
] as const)('allows nginx only the versions from %s to %s', (minVersion, maxVersion, directive) => {
  expect(nginxTlsDirectives({ ...plain, minVersion, maxVersion })).toContain(directive)
})

it.each([
  ['request', 'ssl_verify_client optional_no_ca;'],
  ['require', 'ssl_verify_client on;'],
] as const)('makes nginx %s client certificates of the CA', (clientAuth, directive) => {
  const tls = { ...plain, clientAuth, ca: 'a CA' }
  expect(nginxTlsDirectives(tls)).toEqual(
    expect.arrayContaining([directive, 'ssl_client_certificate ca.pem;']),
  )
  expect(nginxTlsFiles(tls)).toMatchObject({ 'ca.pem': 'a CA' })
})

it('writes the signature algorithms for nginx in the syntax of OpenSSL', () => {
  expect(nginxTlsDirectives({ ...plain, sigalgs: 'ECDSA+SHA256' })).toContain(
    'ssl_conf_command SignatureAlgorithms "ECDSA+SHA256";',
  )
})

it('writes a plan as a Caddy configuration, without ciphers that Go lacks or considers unsafe', () => {
  expect(caddyConnectionPolicy({ ...plain, minVersion: 'TLSv1.3' })).toEqual({
    protocol_min: 'tls1.3',
    protocol_max: 'tls1.3',
    cipher_suites: ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'],
    alpn: ['http/1.1'],
    certificate_selection: { any_tag: ['plan'] },
  })
})

it('writes the CA for Caddy as Base64 of its DER', async () => {
  const { certPem } = await createAuthority({ commonName: 'a CA' })
  const base64 = certPem.replaceAll(/-----[^-]+-----|\s/g, '')
  expect(
    caddyConnectionPolicy({ ...plain, clientAuth: 'require', ca: `${certPem}${certPem}` }),
  ).toMatchObject({
    client_authentication: { mode: 'require_and_verify', trusted_ca_certs: [base64, base64] },
  })
})

it('passes a cipher list to Caddy only if it has one cipher, because Go orders several itself', () => {
  expect(isForGo('ECDHE-ECDSA-AES256-GCM-SHA384')).toBe(true)
  expect(isForGo('ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256')).toBe(false)
  expect(isForGo('DHE-RSA-AES256-GCM-SHA384')).toBe(false)
})
