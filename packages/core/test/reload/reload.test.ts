import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { applyTlsToWorkers } from '../../src/backends/cluster/primary/apply-tls-to-workers.ts'
import type { WorkerHandle } from '../../src/backends/cluster/primary/worker-handle.ts'
import { lookupsOfPath } from '../../src/reload/lookups-of-path.ts'
import { nextSnapshot } from '../../src/reload/next-snapshot.ts'
import type { PlannedTls } from '../../src/tls/planned-tls.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-reload-')))
afterAll(() => rmSync(folder, { recursive: true }))

function snapshot(name: string, more: Partial<PlannedTls> = {}): PlannedTls {
  return {
    chains: [],
    sni: [],
    unknownHost: 'default',
    leaf: { fingerprint256: name } as PlannedTls['leaf'],
    ending: [],
    ca: null,
    clientAuth: 'none',
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: '',
    ciphersuites: '',
    crl: null,
    groups: '',
    sigalgs: null,
    dhparam: null,
    sessionTickets: true,
    sessionTimeoutMs: 7_200_000,
    handshakeTimeoutMs: 10_000,
    expiryWarningDays: 14,
    ticketKeys: Buffer.from(`keys of ${name}`),
    ...more,
  }
}

const [first, second] = [snapshot('first'), snapshot('second')]

/** A worker that records its messages, and fails at one step of one reload. */
function worker({
  state = 'ready',
  failsAt = '',
}: {
  state?: WorkerHandle['state']
  failsAt?: string
} = {}): WorkerHandle & { told: string[] } {
  const told: string[] = []
  let offered = ''
  const hear = async (step: string): Promise<void> => {
    told.push(step)
    if (step === failsAt) throw new Error(`${step} failed`)
  }
  return {
    state,
    told,
    exchanges: {
      tls: {
        prepare: (_number: number, tls: PlannedTls) => {
          offered = tls.leaf.fingerprint256
          return hear(`prepare ${offered}`)
        },
        commit: () => hear(`commit ${offered}`),
      },
    },
    kill: () => void told.push('kill'),
  } as unknown as WorkerHandle & { told: string[] }
}

async function applyTls(workers: readonly WorkerHandle[]): Promise<{ adopted: string[]; error: unknown }> {
  const adopted: string[] = []
  const error: unknown = await applyTlsToWorkers({
    number: 1,
    tls: second,
    previous: first,
    workers: () => workers,
    adopt: ({ leaf }) => void adopted.push(leaf.fingerprint256),
  }).then(
    () => null,
    (failure: unknown) => failure,
  )
  return { adopted, error }
}

describe('applyTlsToWorkers', () => {
  it('activates the snapshot in no worker before all have built it', async () => {
    const workers = [worker(), worker()]
    expect(await applyTls(workers)).toEqual({ adopted: ['second'], error: null })
    for (const { told } of workers) expect(told).toEqual(['prepare second', 'commit second'])
  })

  it('changes nothing when one worker cannot build it', async () => {
    const workers = [worker(), worker({ failsAt: 'prepare second' })]
    const { adopted, error } = await applyTls(workers)
    expect(error).toMatchObject({ message: 'prepare second failed' })
    expect(adopted).toEqual([])
    for (const { told } of workers) expect(told).toEqual(['prepare second'])
  })

  it('restores the old snapshot in every worker when one cannot use the new one', async () => {
    const workers = [worker(), worker({ failsAt: 'commit second' })]
    const { adopted, error } = await applyTls(workers)
    expect(error).toMatchObject({ message: 'commit second failed' })
    expect(adopted).toEqual(['second', 'first'])
    for (const { told } of workers) expect(told.slice(2)).toEqual(['prepare first', 'commit first'])
  })

  it('kills a worker that cannot restore the old snapshot, so that its replacement serves the same as the others', async () => {
    const lost = worker({ failsAt: 'commit first' })
    await applyTls([lost, worker({ failsAt: 'commit second' })])
    expect(lost.told.at(-1)).toBe('kill')
  })

  it('sends both steps at once to a booting worker without waiting for it, and ignores a draining worker', async () => {
    const [booting, draining] = [worker({ state: 'booting' }), worker({ state: 'draining' })]
    booting.exchanges.tls.prepare = () => {
      booting.told.push('prepare')
      return Promise.withResolvers<void>().promise
    }
    expect((await applyTls([worker(), booting, draining])).error).toBeNull()
    expect(booting.told[0]).toBe('prepare')
    expect(booting.told).toHaveLength(2)
    expect(draining.told).toEqual([])
  })
})

describe('nextSnapshot', () => {
  it('changes nothing when only the ticket keys differ, because each reading creates new ones', () => {
    expect(nextSnapshot(first, { ...first, ticketKeys: Buffer.from('others') })).toMatchObject({
      tls: null,
      faults: [],
    })
  })

  it('keeps the ticket keys while only the certificate changes', () => {
    expect(nextSnapshot(first, second)).toMatchObject({
      sessionsKept: true,
      tls: { leaf: { fingerprint256: 'second' }, ticketKeys: first.ticketKeys },
    })
  })

  it.each([{ ca: 'another' }, { clientAuth: 'require' }, { minVersion: 'TLSv1.3' }] as const)(
    'uses new ticket keys when %o changes',
    (change) => {
      expect(nextSnapshot(first, snapshot('second', change))).toMatchObject({
        sessionsKept: false,
        tls: { ...change, ticketKeys: second.ticketKeys },
      })
    },
  )

  it.each([
    ['off', first, null],
    ['on', null, first],
  ])('refuses to switch TLS %s', (_what, before, after) => {
    expect(nextSnapshot(before, after)).toMatchObject({
      tls: null,
      faults: [{ code: 'LOCKSTEP_ERR_RELOAD_NEEDS_START' }],
    })
  })

  it('does nothing without TLS', () => {
    expect(nextSnapshot(null, null)).toMatchObject({ tls: null, faults: [] })
  })
})

describe('lookupsOfPath', () => {
  const entries = async (path: string): Promise<string[]> =>
    (await lookupsOfPath(path)).flatMap((lookup) =>
      lookup.isFolder ? [] : [join(lookup.folder, lookup.name)],
    )

  it('returns the entry of a plain file', async () => {
    writeFileSync(join(folder, 'plain.pem'), '')
    expect(await entries(join(folder, 'plain.pem'))).toEqual([join(folder, 'plain.pem')])
  })

  it('includes each folder on the way, because it may be replaced', async () => {
    const all = await lookupsOfPath(join(folder, 'plain.pem'))
    const folders = all.filter(({ isFolder }) => isFolder).map((lookup) => join(lookup.folder, lookup.name))
    expect(folders.at(-1)).toBe(folder)
    expect(folders.slice(1)).toEqual(
      folders.slice(1).map((path, index) => join(folders[index] ?? '', path.split('/').at(-1) ?? '')),
    )
  })

  it('includes each link on the way, also to a folder, and the entry at its end', async () => {
    const at = (...names: string[]): string => join(folder, ...names)
    mkdirSync(at('mount', '..1'), { recursive: true })
    writeFileSync(at('mount', '..1', 'tls.crt'), '')
    symlinkSync('..1', at('mount', '..data'))
    symlinkSync(join('..data', 'tls.crt'), at('mount', 'tls.crt'))
    symlinkSync('mount', at('current'))
    expect(await entries(at('current', 'tls.crt'))).toEqual([
      at('current'),
      at('mount', 'tls.crt'),
      at('mount', '..data'),
      at('mount', '..1', 'tls.crt'),
    ])
  })

  it('stops at a missing entry and at a circle of links', async () => {
    expect(await entries(join(folder, 'missing', 'x.pem'))).toEqual([join(folder, 'missing')])
    symlinkSync('b', join(folder, 'a'))
    symlinkSync('a', join(folder, 'b'))
    expect((await entries(join(folder, 'a'))).length).toBe(40)
  })
})
