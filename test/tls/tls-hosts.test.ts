import { join } from 'node:path'
import { connect } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')

/** SHA-256 of the leaf that a client gets for this host. */
async function leafFor(url: string, servername: string): Promise<string> {
  const socket = connect({
    host: '127.0.0.1',
    port: Number(new URL(url).port),
    servername,
    rejectUnauthorized: false,
  })
  try {
    return await new Promise<string>((resolve, reject) => {
      socket.once('secureConnect', () => resolve(socket.getPeerCertificate().fingerprint256))
      socket.once('error', reject)
    })
  } finally {
    socket.destroy()
  }
}

describe('SNI hosts as text', () => {
  it.each(['flags', 'a variable'])('are read from %s, with paths relative to their source', async (way) => {
    const folder = temporaryFolder()
    const own = await pairFiles({}, folder)
    const shop = await pairFiles({ hosts: ['shop.test'] })
    const books = await pairFiles({ hosts: ['books.test'] })
    const hosts = [`shop.test=${shop.cert},${shop.key}`, `books.test=${books.cert},${books.key}`]
    await using server = await startLockstep(
      [
        ...['run', hello, '--tls-cert', 'cert.pem', '--tls-key', 'key.pem', '--port', '0'],
        ...(way === 'flags' ? hosts.flatMap((host) => ['--tls-sni', host]) : []),
      ],
      { cwd: folder, env: way === 'flags' ? {} : { LOCKSTEP_TLS_SNI: hosts.join(';') } },
    )
    expect(await leafFor(server.url, 'shop.test')).toBe(shop.fingerprint256)
    expect(await leafFor(server.url, 'books.test')).toBe(books.fingerprint256)
    expect(await leafFor(server.url, 'elsewhere.test')).toBe(own.fingerprint256)
  })

  it.each(['shop.test', 'shop.test=', '=cert.pem,key.pem', 'shop.test=a,b,c'])(
    'are refused as %s',
    async (text) => {
      const own = await pairFiles()
      await failedLaunch(['run', hello, '--tls-cert', own.cert, '--tls-key', own.key, '--tls-sni', text], {
        code: 'LOCKSTEP_ERR_OPTION_INVALID',
        says: ['--tls-sni must be HOST=CERT,KEY or HOST=PFX'],
      })
    },
  )

  it('need a certificate of the default host', async () => {
    const shop = await pairFiles({ hosts: ['shop.test'] })
    await failedLaunch(['run', hello, '--tls-sni', `shop.test=${shop.cert},${shop.key}`], {
      code: 'LOCKSTEP_ERR_TLS_WITHOUT_CERT',
      says: ['--tls-sni is set, but there is no certificate'],
    })
  })
})
