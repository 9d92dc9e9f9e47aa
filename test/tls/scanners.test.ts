// What independent scanners find on the default policy. They are optional: without them the tests are skipped, and the titles say so.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuthority, issueCertificate } from '@lockstep/certs'
import { beforeAll, describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { startLockstep } from '../support/lockstep.ts'
import { isOnPath, run } from '../support/programs.ts'
import { runsEverything, whyLeftOut } from '../support/runs-everything.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
let tls: string[]

beforeAll(async () => {
  const authority = await createAuthority({ commonName: 'scanned' })
  const { chainPem, keyPem } = await issueCertificate({ authority, hosts: ['localhost', '127.0.0.1'] })
  write(folder, 'root.pem', authority.certPem)
  tls = ['--tls-cert', write(folder, 'cert.pem', chainPem), '--tls-key', write(folder, 'key.pem', keyPem)]
})

interface Finding {
  readonly id: string
  readonly severity: string
  readonly finding: string
}

/** From LOW up. WARN is not a level: testssl.sh uses it for a test that it could not run. */
const levels = new Set(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'])

/** Findings that a certificate of a private CA entails: it has no revocation address, and a scanner can't reliably be made to trust it. */
const ofPrivateCertificate = new Set(['cert_revocation', 'cert_chain_of_trust'])

describe.skipIf(!runsEverything || !isOnPath('testssl'))(
  `testssl.sh${isOnPath('testssl') ? whyLeftOut : ' (not installed, skipped)'}`,
  () => {
    it('finds nothing at level LOW or above on the default policy', { timeout: 240_000 }, async () => {
      await using server = await startLockstep(['apps/hello.js', '--port', '0', '--workers', '2', ...tls])
      const report = join(folder, 'testssl.json')
      // Protocols, standard ciphers, forward secrecy, server preferences, server defaults, vulnerabilities.
      const parts = ['-p', '-s', '-f', '-P', '-S', '-U']
      const settings = [
        '--quiet',
        '--color',
        '0',
        '--warnings',
        'off',
        '--nodns',
        'none',
        '--add-ca',
        join(folder, 'root.pem'),
      ]
      const { stdout, stderr } = await run(
        'testssl',
        [...settings, '--jsonfile', report, ...parts, `127.0.0.1:${server.port}`],
        '',
        { deadlineMs: 220_000 },
      )
      const findings = JSON.parse(readFileSync(report, 'utf8')) as Finding[]
      expect(findings.length, stdout + stderr).toBeGreaterThan(50)
      const grave = findings.filter(
        ({ id, severity }) => levels.has(severity) && !ofPrivateCertificate.has(id),
      )
      expect(grave).toEqual([])
    })
  },
)

describe.skipIf(!isOnPath('sslscan'))(
  `sslscan${isOnPath('sslscan') ? '' : ' (not installed, skipped)'}`,
  () => {
    it.each(['single', 'cluster'])(
      'finds no old protocol and no weak cipher on %s',
      { timeout: 60_000 },
      async (backend) => {
        await using server = await startLockstep([
          'apps/hello.js',
          '--port',
          '0',
          '--backend',
          backend,
          ...tls,
        ])
        const { stdout } = await run(
          'sslscan',
          ['--no-colour', '--show-sigs', `127.0.0.1:${server.port}`],
          '',
          {
            deadlineMs: 50_000,
          },
        )
        for (const old of ['SSLv2', 'SSLv3', 'TLSv1.0', 'TLSv1.1'])
          expect(stdout).toMatch(new RegExp(`^${old.replace('.', '\\.')} +disabled`, 'm'))
        expect(stdout).toMatch(/^TLSv1\.3 +enabled/m)
        expect(stdout).toContain('Session renegotiation not supported')
        const ciphers = [...stdout.matchAll(/^(?:Preferred|Accepted) +\S+ +\d+ bits +(\S+)/gm)].map(
          ([, name = '']) => name,
        )
        expect(ciphers.length).toBeGreaterThanOrEqual(6)
        for (const name of ciphers)
          expect(name).toMatch(/^TLS_|^ECDHE-\w+-(?:AES(?:128|256)-GCM-SHA\d+|CHACHA20-POLY1305)$/)
      },
    )
  },
)
