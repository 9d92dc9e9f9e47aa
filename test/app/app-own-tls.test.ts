import { describe, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'

const pair = await pairFiles()
const env = { TEST_PAIR: `${pair.cert},${pair.key}` }

const members = {
  name: 'members',
  says: ['requestCert, ca, minVersion', '--tls-client-auth require --tls-ca FILE --tls-min-version TLSv1.3'],
}

describe('an app with its own TLS is refused by name:', () => {
  it.each([
    { name: 'plain', says: ['an https.Server with cert, key.', '--tls-cert FILE --tls-key FILE'] },
    members,
    { name: 'asks', says: ['requestCert, rejectUnauthorized', '--tls-client-auth request'] },
    { name: 'later', says: ['cert, key, ciphers', '--tls-ciphers LIST'] },
    { name: 'byHost', says: ['SNICallback', '--tls-sni HOST=CERT,KEY'] },
    { name: 'contexts', says: ['addContext', '--tls-sni HOST=CERT,KEY'] },
    { name: 'resumes', says: ['a listener for newSession'] },
    { name: 'http2Secure', says: ['http2.createSecureServer()', '--tls-protocols h2,http/1.1'] },
    { name: 'http2Plain', says: ['http2.createServer()', 'Lockstep never serves HTTP/2 without TLS'] },
    { name: 'raw', says: ['a tls.Server with cert, key', 'export a handler'] },
    {
      name: 'inFastify',
      says: ['an https.Server with cert, key, requestCert', 'In Fastify, leave `https` out'],
    },
    { name: 'http2InFastify', says: ['In Fastify, leave `http2` out'] },
    { name: 'fromFactory', says: ['an https.Server with cert, key.'] },
    { name: 'bun', says: ['an object with `tls` with cert, key', 'Leave `tls` out'] },
  ])('$name', async ({ name, says }) => {
    await failedLaunch(['run', `brought/own-tls.js:${name}`, '--backend', 'single'], {
      env,
      code: 'LOCKSTEP_ERR_APP_TLS',
      says,
      hides: ['BEGIN'],
    })
  })

  // The primary does not load the app: the refusal comes from a worker.
  it('under cluster too', async () => {
    await failedLaunch(['run', 'brought/own-tls.js:members', '--backend', 'cluster'], {
      env,
      code: 'LOCKSTEP_ERR_APP_TLS',
      says: members.says,
    })
  })

  it.each(['single', 'cluster'])(
    'also with TLS options, because it is unclear which TLS is meant: %s',
    async (backend) => {
      await failedLaunch(
        ['run', 'brought/own-tls.js:members', '--backend', backend, '--cert', pair.cert, '--key', pair.key],
        { env, code: 'LOCKSTEP_ERR_APP_TLS', says: members.says },
      )
    },
  )
})
