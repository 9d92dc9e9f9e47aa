import https from 'node:https'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clientAuthority, pairFiles } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { planOf, valuesOf } from '../support/planned-options.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')

describe("another program's flags", () => {
  it('of Gunicorn have the same effect as those of Lockstep', async () => {
    const { cert, key, certPem } = await pairFiles()
    const { caFile, client } = await clientAuthority()
    const theirs = [
      ...['-b', '127.0.0.1:0', '-w', '2', '-t', '12', '--certfile', cert, '--keyfile', key],
      ...['--ca-certs', caFile, '--cert-reqs', '2'],
    ]
    const ours = [
      ...['--bind', '127.0.0.1:0', '--workers', '2', '--hang-timeout', '12s', '--tls-cert', cert],
      ...['--tls-key', key, '--tls-ca', caFile, '--tls-client-auth', 'require'],
    ]
    const plan = await planOf([hello, ...theirs])
    expect(valuesOf(plan)).toEqual(valuesOf(await planOf([hello, ...ours])))
    expect(plan).toMatchObject({
      'timeouts.hang': { value: '12s', source: '-t' },
      'tls.clientAuth': { value: 'require', source: '--cert-reqs' },
    })

    await using server = await startLockstep(['run', hello, ...theirs])
    expect(server.processes()).toHaveLength(3)
    await expect(exchange(server.url, { ca: certPem })).rejects.toThrow(/certificate required|ECONNRESET/)
    expect(await statusOf(server.url, { ca: certPem, cert: client.cert, key: client.key })).toBe(200)
  })

  it('of Uvicorn have the same effect as those of Lockstep', async () => {
    const { cert, key, certPem } = await pairFiles()
    const socketPath = join(temporaryFolder(), 'u.sock')
    const theirs = [
      ...['--uds', socketPath, '--ssl-certfile', cert, '--ssl-keyfile', key],
      ...['--timeout-keep-alive', '7', '--timeout-graceful-shutdown', '8', '--log-level', 'warning'],
    ]
    const ours = [
      ...['--bind', `unix:${socketPath}`, '--tls-cert', cert, '--tls-key', key],
      ...['--keep-alive', '7s', '--graceful-timeout', '8s', '--log-level', 'warn'],
    ]
    expect(valuesOf(await planOf([hello, ...theirs]))).toEqual(valuesOf(await planOf([hello, ...ours])))

    await using server = await startLockstep(['run', hello, ...theirs])
    const answer = await exchange('https://localhost/', { socketPath, ca: certPem })
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.headers).toContainEqual(['Keep-Alive', 'timeout=7'])
    expect(server.processes()).toHaveLength(1)
  })

  it('of Langflow have the same effect as those of Lockstep', async () => {
    const { cert, key, certPem } = await pairFiles()
    const theirs = ['--port', '0', '--ssl-cert-file-path', cert, '--ssl-key-file-path', key]
    const ours = ['--port', '0', '--tls-cert', cert, '--tls-key', key]
    expect(valuesOf(await planOf([hello, ...theirs]))).toEqual(valuesOf(await planOf([hello, ...ours])))
    await using server = await startLockstep(['run', hello, ...theirs])
    expect(await exchange(server.url, { ca: certPem })).toMatchObject({ status: 200 })
  })
})

/** As a client with its own certificate. */
async function statusOf(url: string, options: https.RequestOptions): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    https
      .get(url, { ...options, agent: false }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      .once('error', reject)
  })
}
