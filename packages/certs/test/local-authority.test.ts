import { execFileSync, spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  createAuthority,
  isPrivateName,
  issueCertificate,
  readOrCreateLocalAuthority,
  readOrIssueLocalCertificate,
} from '@lockstep/certs'
import { afterAll, describe, expect, it } from 'vitest'

const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})
function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-local-ca-'))
  made.push(folder)
  return folder
}

const dayMs = 86_400_000
const fromNow = (days: number): Date => new Date(Date.now() + days * dayMs)
const modeOf = (path: string): number => statSync(path).mode & 0o777
const hasOpenssl = (process.env['PATH'] ?? '')
  .split(delimiter)
  .some((path) => existsSync(join(path, 'openssl')))

describe('the local CA', () => {
  it('is created on first use, kept, and readable only by its owner', async () => {
    const folder = join(temporary(), 'deep', 'local-ca')
    const first = await readOrCreateLocalAuthority({ folder })
    const second = await readOrCreateLocalAuthority({ folder })
    expect(second.fingerprint256).toBe(first.fingerprint256)
    expect([first.replaced, second.replaced]).toEqual([null, null])
    expect(readdirSync(folder).sort()).toEqual(['root-key.pem', 'root.pem'])
    expect(readFileSync(first.rootFile, 'utf8')).not.toContain('PRIVATE')
    if (process.platform !== 'win32')
      expect([modeOf(folder), modeOf(join(folder, 'root-key.pem'))]).toEqual([0o700, 0o600])
  })

  it.skipIf(process.platform === 'win32')(
    'gets private permissions again after a copy has widened them',
    async () => {
      const folder = temporary()
      const { fingerprint256 } = await readOrCreateLocalAuthority({ folder })
      chmodSync(folder, 0o755)
      chmodSync(join(folder, 'root-key.pem'), 0o644)
      expect((await readOrCreateLocalAuthority({ folder })).fingerprint256).toBe(fingerprint256)
      expect([modeOf(folder), modeOf(join(folder, 'root-key.pem'))]).toEqual([0o700, 0o600])
    },
  )

  it.each([
    {
      harm: 'a root that is cut off',
      spoil: (folder: string) => writeFileSync(join(folder, 'root.pem'), '-----BEGIN'),
      says: 'root.pem is damaged',
    },
    {
      harm: 'a key that is cut off',
      spoil: (folder: string) => writeFileSync(join(folder, 'root-key.pem'), ''),
      says: 'root-key.pem is damaged, or not the key of',
    },
    {
      harm: 'the key of another root',
      spoil: async (folder: string) =>
        writeFileSync(join(folder, 'root-key.pem'), (await createAuthority({ commonName: 'other' })).keyPem),
      says: 'not the key of',
    },
    {
      harm: 'no root',
      spoil: (folder: string) => rmSync(join(folder, 'root.pem')),
      says: 'root.pem is missing',
    },
    {
      harm: 'no key',
      spoil: (folder: string) => rmSync(join(folder, 'root-key.pem')),
      says: 'root-key.pem is missing',
    },
    {
      harm: 'a leaf instead of a root',
      spoil: async (folder: string) => {
        const { certPem, keyPem } = await issueCertificate({ hosts: ['localhost'], notAfter: fromNow(900) })
        writeFileSync(join(folder, 'root.pem'), certPem)
        writeFileSync(join(folder, 'root-key.pem'), keyPem)
      },
      says: 'not the certificate of a CA',
    },
  ])('with $harm is replaced, and the replacement is reported', async ({ spoil, says }) => {
    const folder = temporary()
    const before = await readOrCreateLocalAuthority({ folder })
    await spoil(folder)
    const after = await readOrCreateLocalAuthority({ folder })
    expect(after.replaced).toContain(says)
    expect(after.fingerprint256).not.toBe(before.fingerprint256)
    expect(await readOrCreateLocalAuthority({ folder })).toMatchObject({
      fingerprint256: after.fingerprint256,
      replaced: null,
    })
  })

  it('is replaced when it would expire before the leaves that it issues', async () => {
    const folder = temporary()
    const { fingerprint256, notAfter } = await readOrCreateLocalAuthority({ folder })
    const days = (from: number): Date => new Date(notAfter.getTime() - from * dayMs)
    expect(await readOrCreateLocalAuthority({ folder, now: days(91) })).toMatchObject({ fingerprint256 })
    const renewed = await readOrCreateLocalAuthority({ folder, now: days(89) })
    expect(renewed.replaced).toBe(`it ends on ${notAfter.toISOString().slice(0, 10)}`)
    expect(renewed.notAfter.getTime()).toBeGreaterThan(notAfter.getTime())
  })

  it.each([
    { state: 'no CA', prepare: () => undefined },
    {
      state: 'a damaged CA',
      prepare: (folder: string) => writeFileSync(join(folder, 'root.pem'), 'damaged'),
    },
    {
      state: 'the lock of a process that died',
      prepare: (folder: string) => {
        mkdirSync(join(folder, 'lock'))
        utimesSync(join(folder, 'lock'), fromNow(-1), fromNow(-1))
      },
    },
  ])('is the same for processes that create it at the same time and find $state', async ({ prepare }) => {
    const folder = temporary()
    prepare(folder)
    const script = `import { readOrCreateLocalAuthority as make } from ${JSON.stringify(import.meta.resolve('@lockstep/certs'))}
      import { once } from 'node:events'
      process.stdout.write('ready\\n')
      await once(process.stdin, 'end')
      console.log((await make({ folder: ${JSON.stringify(folder)} })).fingerprint256)`
    const racers = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', `process.stdin.resume()\n${script}`], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    )
    const outputs = racers.map(({ stdout }) => {
      const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
      return { next: async (): Promise<string> => String((await lines.next()).value) }
    })
    // They start together. Otherwise the first would finish before the last begins.
    expect(await Promise.all(outputs.map(({ next }) => next()))).toEqual(racers.map(() => 'ready'))
    const ended = racers.map((racer) => once(racer, 'close'))
    for (const { stdin } of racers) stdin.end()
    const fingerprints = await Promise.all(outputs.map(({ next }) => next()))
    await Promise.all(ended)
    expect(new Set(fingerprints)).toEqual(
      new Set([(await readOrCreateLocalAuthority({ folder })).fingerprint256]),
    )
    expect(readdirSync(folder).sort()).toEqual(['root-key.pem', 'root.pem'])
  })

  it.each(['root-key.pem', 'root.pem'])(
    'is one when a process stalls before it writes %s, and its lock is taken away',
    async (file) => {
      const folder = temporary()
      const stalled = spawn(process.execPath, ['--input-type=module', '-e', stallingBefore(file, folder)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      const lines = createInterface({ input: stalled.stdout })[Symbol.asyncIterator]()
      expect((await lines.next()).value).toBe('stalled')
      utimesSync(join(folder, 'lock'), fromNow(-1), fromNow(-1))
      const { fingerprint256 } = await readOrCreateLocalAuthority({ folder })
      stalled.stdin.end('\n')
      expect((await lines.next()).value).toBe(fingerprint256)
      expect((await readOrCreateLocalAuthority({ folder })).fingerprint256).toBe(fingerprint256)
      await once(stalled, 'close')
      expect(readdirSync(folder).sort()).toEqual(['root-key.pem', 'root.pem'])
    },
  )

  it.skipIf(!hasOpenssl)('may issue only for private hosts, according to openssl', async () => {
    const folder = temporary()
    const { authority, rootFile } = await readOrCreateLocalAuthority({ folder })
    const verify = async (host: string): Promise<string> => {
      const leaf = join(folder, 'leaf.pem')
      writeFileSync(leaf, (await issueCertificate({ authority, hosts: [host] })).certPem)
      try {
        const flags = ['-x509_strict', '-purpose', 'sslserver', '-CAfile', rootFile]
        execFileSync('openssl', ['verify', ...flags, leaf], { stdio: 'pipe' })
        return 'trusted'
      } catch (error) {
        return /permitted subtree violation/.test(String((error as { stderr: Buffer }).stderr))
          ? 'refused'
          : String(error)
      }
    }
    const hosts = [
      ...['localhost', 'a.localhost', 'shop.test', '*.shop.test', 'nas.local', 'db.internal', 'tv.home.arpa'],
      ...['127.0.0.1', '127.255.0.9', '::1', '10.1.2.3', '172.31.0.1', '192.168.7.8', '100.100.1.1'],
      ...['fe80::1', 'fd00::1', '2001:db8::5'],
      ...['example.com', 'notlocalhost', 'my-laptop', 'a.test.com', '*.com'],
      ...['8.8.8.8', '172.32.0.1', '11.0.0.1', '100.128.0.1', '2606:4700::1', '::2'],
    ]
    for (const host of hosts)
      expect([host, await verify(host)]).toEqual([host, isPrivateName(host) ? 'trusted' : 'refused'])
    expect(hosts.filter(isPrivateName)).toHaveLength(17)
  })
})

describe('a leaf of the local CA', () => {
  it('names this machine and the given hosts, is kept, and is valid for at most 90 days', async () => {
    const folder = temporary()
    const { authority } = await readOrCreateLocalAuthority({ folder })
    const request = { authority, folder: join(folder, 'leaves'), hosts: ['app.test', '192.168.1.2'] }
    const first = await readOrIssueLocalCertificate(request)
    const second = await readOrIssueLocalCertificate(request)
    expect([first.created, second.created]).toEqual([true, false])
    expect(second.chainPem).toBe(first.chainPem)
    expect(first.refusedHosts).toEqual([])
    const leaf = new X509Certificate(first.chainPem)
    expect(leaf.verify(new X509Certificate(authority.certPem).publicKey)).toBe(true)
    for (const name of ['localhost', 'app.test']) expect(leaf.checkHost(name)).toBe(name)
    for (const ip of ['127.0.0.1', '::1', '192.168.1.2']) expect(leaf.checkIP(ip)).toBe(ip)
    expect(leaf.validToDate.getTime() - leaf.validFromDate.getTime()).toBeLessThanOrEqual(90 * dayMs)
    if (process.platform !== 'win32')
      expect([modeOf(request.folder), modeOf(first.file)]).toEqual([0o700, 0o600])
  })

  it('is renewed when a third of its lifetime is left', async () => {
    const folder = temporary()
    const { authority } = await readOrCreateLocalAuthority({ folder })
    const request = { authority, folder, hosts: [] }
    await readOrIssueLocalCertificate(request)
    const soon = await readOrIssueLocalCertificate({ ...request, now: fromNow(59) })
    const later = await readOrIssueLocalCertificate({ ...request, now: fromNow(61) })
    expect([soon.created, later.created]).toEqual([false, true])
    expect(later.notAfter.getTime()).toBeGreaterThan(fromNow(149).getTime())
  })

  it('is issued again when it is damaged or its CA was replaced', async () => {
    const folder = temporary()
    const { authority } = await readOrCreateLocalAuthority({ folder })
    const leaves = join(folder, 'leaves')
    const { file } = await readOrIssueLocalCertificate({ authority, folder: leaves, hosts: [] })
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 300))
    const mended = await readOrIssueLocalCertificate({ authority, folder: leaves, hosts: [] })
    expect(mended.created).toBe(true)
    rmSync(join(folder, 'root.pem'))
    const other = await readOrCreateLocalAuthority({ folder })
    expect(
      await readOrIssueLocalCertificate({ authority: other.authority, folder: leaves, hosts: [] }),
    ).toMatchObject({ created: true, file })
  })

  it('is self-signed if the CA may not issue for a host, and the report names that host', async () => {
    const folder = temporary()
    const { authority } = await readOrCreateLocalAuthority({ folder })
    const hosts = ['shop.test', 'dev.example.com']
    const { chainPem, refusedHosts } = await readOrIssueLocalCertificate({ authority, folder, hosts })
    const leaf = new X509Certificate(chainPem)
    expect(refusedHosts).toEqual(['dev.example.com'])
    expect(leaf.verify(leaf.publicKey)).toBe(true)
    expect(leaf.checkHost('dev.example.com')).toBe('dev.example.com')
  })
})

/** Prints `stalled` and waits for a line of input when it is about to move the file into place, then prints the fingerprint of the CA. */
const stallingBefore = (file: string, folder: string): string => `
  import fs from 'node:fs'
  import { syncBuiltinESMExports } from 'node:module'
  const { renameSync } = fs
  let hasStalled = false
  fs.renameSync = (from, to) => {
    if (!hasStalled && to === ${JSON.stringify(join(folder, file))}) {
      hasStalled = true
      fs.writeSync(1, 'stalled\\n')
      fs.readSync(0, Buffer.alloc(1))
    }
    return renameSync(from, to)
  }
  syncBuiltinESMExports()
  const { readOrCreateLocalAuthority } = await import(${JSON.stringify(import.meta.resolve('@lockstep/certs'))})
  console.log((await readOrCreateLocalAuthority({ folder: ${JSON.stringify(folder)} })).fingerprint256)`
