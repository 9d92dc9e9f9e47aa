// Why a client was refused for its certificate, and client certificates that Node itself cannot read.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuthority, issueCertificate } from '@lockstep/certs'
import { type LaunchEventOf, launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tlsExchange } from '../support/tls-client.ts'
import { waitUntil } from '../support/wait-until.ts'

const hello = join(fixtures, 'apps/hello.js')
const dayMs = 86_400_000
const ca = await createAuthority({ commonName: 'clients' })
const other = await createAuthority({ commonName: 'others' })
const expired = await issueCertificate({
  authority: ca,
  hosts: [],
  commonName: 'late client',
  usage: 'client',
  notBefore: new Date(Date.now() - 9 * dayMs),
  notAfter: new Date(Date.now() - dayMs),
})
const strange = await issueCertificate({
  authority: other,
  hosts: [],
  commonName: 'stranger',
  usage: 'client',
})
const folder = temporaryFolder()
const caFile = write(folder, 'ca.pem', ca.certPem)

describe('a client that is refused for its certificate', () => {
  it.each(['single', 'cluster'])(
    'is counted, and events report the reason and its certificate: %s',
    async (backend) => {
      const pair = await pairFiles()
      const told: LaunchEventOf<'client:refused'>[] = []
      await using handle = await launch(
        {
          app: hello,
          port: 0,
          backend,
          workers: backend === 'cluster' ? 2 : 1,
          log: { level: 'silent' },
          tls: { cert: pair.cert, key: pair.key, ca: caFile, clientAuth: 'require' },
        },
        {
          config: false,
          envFile: false,
          environment: false,
          onEvent: (event) => event.type === 'client:refused' && told.push(event),
        },
      )
      const port = Number(new URL(handle.url).port)
      for (const { certPem, keyPem } of [expired, strange])
        await expect(tlsExchange(port, { cert: certPem, key: keyPem })).rejects.toThrow()
      await waitUntil(() => told.length >= 2, { what: 'both events' })
      // Neither of them is a probe of the launcher.
      expect(told).toMatchObject([
        {
          reason: 'CERT_HAS_EXPIRED',
          subject: 'CN=late client',
          issuer: 'CN=clients',
          serialNumber: expired.serialNumber.toUpperCase(),
          fingerprint256: expired.fingerprint256,
          count: 1,
        },
        { reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', subject: 'CN=stranger', issuer: 'CN=others' },
      ])
      const counted = (): number =>
        handle.workers.reduce((sum, { served }) => sum + (served?.refusedClients ?? 0), 0)
      await waitUntil(() => counted() === 2, { what: 'both in the count' })
    },
  )

  it('appears in the log with the same details', async () => {
    const pair = await pairFiles()
    await using server = await startLockstep([
      'run',
      hello,
      '--port',
      '0',
      '--workers',
      '2',
      '--tls-cert',
      pair.cert,
      '--tls-key',
      pair.key,
      '--tls-ca',
      caFile,
      '--tls-client-auth',
      'require',
    ])
    await expect(tlsExchange(server.port, { cert: expired.certPem, key: expired.keyPem })).rejects.toThrow()
    await server.waitFor('a client was refused for its certificate: it has expired (CERT_HAS_EXPIRED)')
    await server.waitFor('CN=late client')
  })
})

const asking = `export default (request, response) => {
  const certificate = request.socket.getPeerCertificate(true)
  response.end(JSON.stringify([certificate.subject?.CN ?? null, request.socket.authorized]))
}
`

describe('an app that reads the certificate of a client from Node', () => {
  const bp = { cert: join(folder, 'bp.pem'), key: join(folder, 'bp-key.pem') }
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1', '-nodes']
  execFileSync(
    'openssl',
    ['req', '-x509', ...curve, '-keyout', bp.key, '-out', bp.cert, '-subj', '/CN=brainpool', '-days', '9'],
    { stdio: 'ignore' },
  )
  const client = { cert: readFileSync(bp.cert), key: readFileSync(bp.key) }

  it.each(['1', '2'])('does not crash on a curve that Node cannot read, with %s workers', async (workers) => {
    const pair = await pairFiles()
    const app = write(temporaryFolder(), 'app.mjs', asking)
    await using server = await startLockstep([
      'run',
      app,
      '--port',
      '0',
      '--workers',
      workers,
      '--tls-cert',
      pair.cert,
      '--tls-key',
      pair.key,
      '--tls-ca',
      caFile,
      '--tls-client-auth',
      'request',
    ])
    expect((await tlsExchange(server.port, client)).body).toBe('["brainpool",false]')
    expect((await tlsExchange(server.port, { cert: strange.certPem, key: strange.keyPem })).body).toBe(
      '["stranger",false]',
    )
    expect((await tlsExchange(server.port)).body).toBe('[null,false]')
    expect(server.stderr()).not.toContain('died')
  })
})
