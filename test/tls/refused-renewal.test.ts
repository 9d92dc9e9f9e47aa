// A refused renewal is retried automatically, and succeeds once its problem is gone.
import { chmodSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tlsExchange } from '../support/tls-client.ts'
import { waitUntil } from '../support/wait-until.ts'

const hello = join(fixtures, 'apps/hello.js')

/** Replaces a file by renaming another one. */
function replace(file: string, text: string, mode = 0o600): void {
  write(join(file, '..'), 'next', text)
  chmodSync(join(file, '..', 'next'), mode)
  renameSync(join(file, '..', 'next'), file)
}

/** The pair of files that a server starts with and that a renewal replaces. */
function filesOf({ certPem, keyPem }: { certPem: string; keyPem: string }): { cert: string; key: string } {
  const folder = temporaryFolder()
  return { cert: write(folder, 'cert.pem', certPem), key: write(folder, 'key.pem', keyPem) }
}

function commandOf({ cert, key }: { cert: string; key: string }): string[] {
  return ['run', hello, '--port', '0', '--tls-cert', cert, '--tls-key', key]
}

const reloadsLogged = (text: string): number => text.split('reload failed').length - 1

it.each(['1', '2'])('when its certificate has become valid, with %s workers', async (workers) => {
  const first = await pairFiles()
  const served = filesOf(first)
  await using server = await startLockstep([...commandOf(served), '--workers', workers])
  const early = await pairFiles({ notBefore: new Date(Date.now() + 5_000) })
  replace(served.key, early.keyPem)
  replace(served.cert, early.certPem)
  await server.waitFor('is valid only from')
  expect((await tlsExchange(server.port)).fingerprint256).toBe(first.fingerprint256)
  await waitUntil(async () => (await tlsExchange(server.port)).fingerprint256 === early.fingerprint256, {
    deadlineMs: 20_000,
    what: 'the new certificate',
  })
  expect(reloadsLogged(server.stderr())).toBe(1)
})

it.skipIf(process.platform === 'win32')('when the mode of its key has been corrected', async () => {
  const [first, second] = [await pairFiles(), await pairFiles()]
  const served = filesOf(first)
  await using server = await startLockstep(commandOf(served))
  replace(served.key, second.keyPem, 0o644)
  replace(served.cert, second.certPem)
  await server.waitFor('chmod 600')
  chmodSync(served.key, 0o600)
  await waitUntil(async () => (await tlsExchange(server.port)).fingerprint256 === second.fingerprint256, {
    deadlineMs: 20_000,
    what: 'the new certificate',
  })
})

it('when the command for its passphrase succeeds, and is reported in one line until then', async () => {
  const [first, second] = [await pairFiles({ passphrase: 'one' }), await pairFiles({ passphrase: 'two' })]
  const folder = temporaryFolder()
  const served = {
    cert: write(folder, 'cert.pem', first.certPem),
    key: write(folder, 'key.pem', first.keyPem),
  }
  const secret = write(folder, 'secret', 'one')
  const log = write(folder, 'tries', '')
  const command = `echo tried >> ${log}; cat ${secret}`
  const tries = (): number => readFileSync(log, 'utf8').split('\n').length - 1
  await using server = await startLockstep([
    'run',
    hello,
    '--port',
    '0',
    '--tls-cert',
    served.cert,
    '--tls-key',
    served.key,
    '--tls-passphrase-command',
    command,
  ])
  replace(served.key, second.keyPem)
  replace(served.cert, second.certPem)
  await server.waitFor('does not open')
  const before = tries()
  await waitUntil(() => tries() >= before + 2, { deadlineMs: 20_000, what: 'two more tries' })
  expect(reloadsLogged(server.stderr())).toBe(1)
  replace(secret, 'two')
  await waitUntil(async () => (await tlsExchange(server.port)).fingerprint256 === second.fingerprint256, {
    deadlineMs: 20_000,
    what: 'the new certificate',
  })
})
