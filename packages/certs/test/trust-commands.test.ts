import { nssTrustCommand, type SystemStore, systemTrustCommands, type TrustAction } from '@lockstep/certs'
import { describe, expect, it } from 'vitest'

const trusted = { file: '/data/root.pem', commonName: 'Lockstep local CA 0a1b2c3d', sha1: 'ABCDEF' }

function lines(store: SystemStore, action: TrustAction): string[] {
  return systemTrustCommands(store, { action, trusted }).map(({ program, args, asRoot }) =>
    [...(asRoot ? ['sudo'] : []), program, ...args].join(' '),
  )
}

describe('the commands for the trust store', () => {
  it.each([
    {
      store: 'ca-certificates',
      trust: [
        'sudo install -m 0644 /data/root.pem /usr/local/share/ca-certificates/lockstep-local-ca-0a1b2c3d.crt',
        'sudo update-ca-certificates',
      ],
      untrust: [
        'sudo rm -f /usr/local/share/ca-certificates/lockstep-local-ca-0a1b2c3d.crt',
        'sudo update-ca-certificates',
      ],
    },
    {
      store: 'ca-trust',
      trust: [
        'sudo install -m 0644 /data/root.pem /etc/pki/ca-trust/source/anchors/lockstep-local-ca-0a1b2c3d.pem',
        'sudo update-ca-trust extract',
      ],
      untrust: [
        'sudo rm -f /etc/pki/ca-trust/source/anchors/lockstep-local-ca-0a1b2c3d.pem',
        'sudo update-ca-trust extract',
      ],
    },
    {
      store: 'pki-trust',
      trust: [
        'sudo install -m 0644 /data/root.pem /etc/pki/trust/anchors/lockstep-local-ca-0a1b2c3d.pem',
        'sudo update-ca-certificates',
      ],
      untrust: [
        'sudo rm -f /etc/pki/trust/anchors/lockstep-local-ca-0a1b2c3d.pem',
        'sudo update-ca-certificates',
      ],
    },
    {
      store: 'p11-kit',
      trust: ['sudo trust anchor --store /data/root.pem'],
      untrust: ['sudo trust anchor --remove /data/root.pem'],
    },
    {
      store: 'keychain',
      trust: ['security add-trusted-cert -r trustRoot -p ssl -k login.keychain /data/root.pem'],
      untrust: ['security remove-trusted-cert /data/root.pem', 'security delete-certificate -Z ABCDEF'],
    },
    {
      store: 'windows-root',
      trust: ['certutil -user -addstore Root /data/root.pem'],
      untrust: ['certutil -user -delstore Root ABCDEF'],
    },
  ] as const)('of $store add the root and remove the same root', ({ store, trust, untrust }) => {
    expect(lines(store, 'trust')).toEqual(trust)
    expect(lines(store, 'untrust')).toEqual(untrust)
  })

  it('of NSS trust the root only for servers', () => {
    const of = (action: TrustAction): string[] => [
      ...nssTrustCommand('/home/me/db', { action, trusted }).args,
    ]
    const where = ['-d', 'sql:/home/me/db', '-n', trusted.commonName]
    expect(of('trust')).toEqual(['-A', ...where, '-t', 'C,,', '-i', '/data/root.pem'])
    expect(of('untrust')).toEqual(['-D', ...where])
  })
})
