import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'node:tls'
import { type Authority, createAuthority, issueCertificate, issueRevocationList } from '@lockstep/certs'
import { type LaunchHandle, launch, watchSignals } from '@lockstep/core'
import { type Random, randomFrom } from '../../../packages/core/test/cluster/channel-fuzz/random.ts'

/** The files of a server in its folder. */
interface Files {
  readonly cert: string | Buffer
  readonly key: string | Buffer
  readonly ca: string | Buffer
  readonly crl: string | Buffer
}

type FileName = keyof Files

interface Pair {
  readonly cert: string
  readonly key: string
  readonly fingerprint256: string
}

const names = ['cert', 'key', 'ca', 'crl'] as const satisfies readonly FileName[]
const ways = ['watch', 'watch', 'watch', 'verb', 'signal'] as const
/** Longer than a server may need on a busy machine. */
const reachedWithinMs = 30_000
const dayMs = 86_400_000

/**
 * Swaps the files of a running server, both valid and damaged, in place and by renaming, and reloads it in each way. A client that trusts the root
 * connects all the time. It must always be served by a pair that it accepts. A valid pair must soon be served without any help. Returns one line
 * for each problem.
 */
export async function fuzzRenewals({
  seed,
  count,
  backend,
  app,
}: {
  seed: number
  count: number
  backend: 'single' | 'cluster'
  app: string
}): Promise<{ found: string[]; summary: string }> {
  const random = randomFrom(seed)
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-renewals-'))
  const found: string[] = []
  const material = await makeMaterial()
  let files: Files = material.valid(random)
  const path = (name: FileName): string => join(folder, `${name}.pem`)
  for (const name of names) writeFileSync(path(name), files[name], { mode: 0o600 })
  const handle = await launch(
    {
      app,
      backend,
      workers: backend === 'cluster' ? 2 : 1,
      port: 0,
      log: { level: 'silent' },
      timeouts: { graceful: '2s' },
      tls: { cert: path('cert'), key: path('key'), ca: path('ca'), crl: path('crl'), clientAuth: 'request' },
    },
    { config: false, envFile: false, environment: false },
  )
  const unwatch = watchSignals((intent) => {
    // An event reports its failure.
    if (intent === 'reload') void handle.reload({ cause: 'signal' }).catch(() => undefined)
  })
  const observer = observe(handle, { root: material.root.certPem, found, seed })
  let valid = 0
  try {
    for (let step = 0; step < count; step += 1) {
      // The last step is always valid, so it must come into use.
      const isValid = step === count - 1 || random.chance(0.4)
      const spoiled = isValid ? null : material.spoil(files, random)
      const next = spoiled?.files ?? material.valid(random)
      await write(next, { random, path, mode: spoiled?.keyMode ?? 0o600, missing: spoiled?.missing ?? null })
      if (!spoiled) files = next
      const way = random.pick(ways)
      const what = `--seed ${seed}, step ${step}, by ${way}: ${spoiled?.what ?? 'valid files'}`
      const reload = way === 'verb' ? handle.reload({ cause: 'verb', scope: 'tls' }) : null
      if (way === 'signal') process.kill(process.pid, 'SIGHUP')
      const outcome = await reload?.then(
        () => 'taken',
        () => 'refused',
      )
      if (spoiled && outcome === 'taken') found.push(`${what}: was taken`)
      if (spoiled) continue
      valid += 1
      const wanted = material.fingerprintOf(next)
      const end = performance.now() + reachedWithinMs
      while (observer.served() !== wanted && performance.now() < end) await pause(20)
      if (observer.served() !== wanted) found.push(`${what}: not served after ${reachedWithinMs / 1_000} s`)
    }
  } finally {
    await observer.stop()
    unwatch()
    await handle.stop({ force: true })
    rmSync(folder, { recursive: true })
  }
  return {
    found,
    summary: `${backend}: ${count} swaps, ${valid} of them valid, ${observer.looks()} handshakes between them`,
  }
}

/** Sends requests continuously, as a client that trusts the root. */
function observe(
  handle: LaunchHandle,
  { root, found, seed }: { root: string; found: string[]; seed: number },
): { served(): string; looks(): number; stop(): Promise<void> } {
  const port = Number(new URL(handle.url).port)
  let served = ''
  let looks = 0
  let stopped = false
  const look = async (): Promise<void> => {
    while (!stopped) {
      try {
        served = await handshake({ port, root })
        looks += 1
      } catch (error) {
        if (!stopped) found.push(`--seed ${seed}, look ${looks}: a client was not served: ${String(error)}`)
      }
      await pause(5)
    }
  }
  const done = look()
  return {
    served: () => served,
    looks: () => looks,
    async stop() {
      stopped = true
      await done
    },
  }
}

/** Returns the fingerprint of the served leaf, after a client has verified it and got an answer. */
function handshake({ port, root }: { port: number; root: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: root })
    let fingerprint = ''
    socket.setTimeout(20_000, () => socket.destroy(new Error('no answer in 20 s')))
    socket.once('secureConnect', () => {
      fingerprint = socket.getPeerX509Certificate()?.fingerprint256 ?? ''
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    })
    socket.once('data', (bytes: Buffer) => {
      if (bytes.toString('latin1').startsWith('HTTP/1.1 200')) resolve(fingerprint)
      else reject(new Error(bytes.toString('latin1', 0, 40)))
      socket.destroy()
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed without an answer')))
  })
}

/** Writes the files one after the other in random order, each directly or by renaming. */
async function write(
  files: Files,
  {
    random,
    path,
    mode,
    missing,
  }: { random: Random; path: (name: FileName) => string; mode: number; missing: FileName | null },
): Promise<void> {
  const order = [...names].sort(() => (random.chance(0.5) ? 1 : -1))
  for (const name of order) {
    if (name === missing) {
      rmSync(path(name), { force: true })
      continue
    }
    const target = random.chance(0.5) ? path(name) : `${path(name)}.next`
    writeFileSync(target, files[name], { mode: 0o600 })
    if (name === 'key') chmodSync(target, mode)
    if (target !== path(name)) renameSync(target, path(name))
    if (random.chance(0.3)) await pause(random.below(40))
  }
}

interface Spoiled {
  readonly what: string
  readonly files: Files
  readonly keyMode?: number
  readonly missing?: FileName
}

interface Material {
  readonly root: Authority
  valid(random: Random): Files
  /** A state that a server must refuse. */
  spoil(current: Files, random: Random): Spoiled
  fingerprintOf(files: Files): string
}

async function makeMaterial(): Promise<Material> {
  const root = await createAuthority({ commonName: 'root' })
  const middle = await createAuthority({ commonName: 'middle', issuer: root })
  const sameName = await createAuthority({ commonName: 'middle', issuer: root })
  const pair = async (request: Partial<Parameters<typeof issueCertificate>[0]>): Promise<Pair> => {
    const { chainPem, keyPem, fingerprint256 } = await issueCertificate({
      hosts: ['localhost'],
      authority: middle,
      ...request,
    })
    return { cert: chainPem, key: keyPem, fingerprint256 }
  }
  const pairs = await Promise.all([
    pair({}),
    pair({}),
    pair({ keyType: 'rsa-2048' }),
    pair({ authority: root }),
    pair({ keyType: 'ec-p384' }),
    pair({ keyType: 'rsa-2048', authority: root }),
  ])
  const fromNow = (days: number): Date => new Date(Date.now() + days * dayMs)
  const expired = await pair({ notBefore: fromNow(-9), notAfter: fromNow(-1) })
  const early = await pair({ notBefore: fromNow(5), notAfter: fromNow(9) })
  const weak = await pair({ keyType: 'rsa-1024' })
  const forClients = await pair({ usage: 'client' })
  const clients = await Promise.all(['one', 'two'].map((commonName) => createAuthority({ commonName })))
  const old = await createAuthority({ commonName: 'old', notBefore: fromNow(-9), notAfter: fromNow(-1) })
  const lists = await Promise.all(
    clients.map(async (authority) => ({
      ca: authority.certPem,
      crl: await issueRevocationList({ authority, revoked: [] }),
      late: await issueRevocationList({ authority, revoked: [], nextUpdate: new Date(Date.now() - 1_000) }),
    })),
  )
  const [first, second] = lists as [(typeof lists)[number], (typeof lists)[number]]
  const authorities: readonly Pick<Files, 'ca' | 'crl'>[] = [
    { ca: first.ca, crl: first.crl },
    { ca: second.ca, crl: second.crl },
    { ca: first.ca + second.ca, crl: first.crl + second.crl },
    // An expired CA is left out, and an expired list refuses only its own clients.
    { ca: first.ca + old.certPem, crl: first.crl },
    { ca: first.ca + second.ca, crl: first.late + second.crl },
    { ca: second.ca, crl: second.late },
  ]
  const cut = (text: string | Buffer): string => String(text).trimEnd().slice(0, -30)
  const spoilers: readonly [string, (files: Files, random: Random) => Omit<Spoiled, 'what'>][] = [
    ['a certificate that is cut off', (files) => ({ files: { ...files, cert: cut(files.cert) } })],
    ['a key that is cut off', (files) => ({ files: { ...files, key: cut(files.key) } })],
    ['a CA that is cut off', (files) => ({ files: { ...files, ca: cut(files.ca) } })],
    ['a list that is cut off', (files) => ({ files: { ...files, crl: cut(files.crl) } })],
    ['the key of another pair', (files) => ({ files: { ...files, key: weak.key } })],
    ['a pair that has expired', (files) => ({ files: { ...files, ...expired } })],
    ['a pair that is not valid yet', (files) => ({ files: { ...files, ...early } })],
    ['a pair that is too weak', (files) => ({ files: { ...files, ...weak } })],
    ['a pair for clients', (files) => ({ files: { ...files, ...forClients } })],
    [
      'an intermediate with another key',
      (files) => ({
        files: {
          ...files,
          cert: pairs[0]?.cert.replace(middle.certPem, sameName.certPem) ?? '',
          key: pairs[0]?.key ?? '',
        },
      }),
    ],
    ['the leaf twice', (files) => ({ files: { ...files, cert: String(files.cert).repeat(2) } })],
    ['the issuer first', (files) => ({ files: { ...files, cert: middle.certPem + String(files.cert) } })],
    ['an empty file', (files, random) => ({ files: { ...files, [random.pick(names)]: '' } })],
    [
      'UTF-16',
      (files, random) => {
        const name = random.pick(names)
        return { files: { ...files, [name]: Buffer.from(`\uFEFF${String(files[name])}`, 'utf16le') } }
      },
    ],
    ['a leaf as CA', (files) => ({ files: { ...files, ca: pairs[3]?.cert ?? '' } })],
    [
      'the list of a CA that is not trusted',
      (files) => ({ files: { ...files, ca: first.ca, crl: second.crl } }),
    ],
    ['a CA without a list', (files) => ({ files: { ...files, ca: first.ca + second.ca, crl: first.crl } })],
    ['a missing file', (files, random) => ({ files, missing: random.pick(names) })],
    ['a key that others may read', (files) => ({ files, keyMode: 0o644 })],
  ]
  return {
    root,
    valid: (random) => {
      const { cert, key } = random.pick(pairs)
      return { cert, key, ...random.pick(authorities) }
    },
    spoil: (current, random) => {
      const [what, spoil] = random.pick(spoilers)
      return { what, ...spoil(current, random) }
    },
    fingerprintOf: ({ cert }) => pairs.find((each) => each.cert === cert)?.fingerprint256 ?? '',
  }
}
