import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exitCodes } from '@lockstep/core'
import { flagTable, optionRow } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { freePort } from '../support/failed-launch.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { bodyOf } from '../support/own-socket.ts'
import { isOnPath, run } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'
import { readBlocks } from './pages/read-page.ts'

// The units of docs/systemd.md, exactly as written there. systemd itself checks them. The tests run their commands as written,
// except for folders and ports of this machine.

const command = fileURLToPath(new URL('../../packages/cli/bin/lockstep.js', import.meta.url))

interface Unit {
  readonly name: string
  readonly text: string
}

const blocks = readBlocks('docs/systemd.md')
const units: readonly Unit[] = blocks.flatMap(({ kind, text }) =>
  kind?.kind === 'recipe' ? [{ name: kind.name, text }] : [],
)
const services = units.filter(({ name }) => name.endsWith('.service'))

/** The values of a key, in order. */
function valuesOf(name: string, key: string): string[] {
  const unit = units.find((each) => each.name === name)
  if (!unit) throw new Error(`docs/systemd.md has no unit ${name}`)
  return Array.from(unit.text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm')), ([, value = '']) => value)
}

/** The words behind `lockstep`. */
function startOf(name: string): string[] {
  const [program, ...words] = (valuesOf(name, 'ExecStart')[0] ?? '').split(' ')
  expect(program).toBe('/usr/local/bin/lockstep')
  return words
}

/** Replaces the words that only fit another machine. */
function replaced(words: readonly string[], places: Readonly<Record<string, string>>): string[] {
  for (const word of Object.keys(places)) expect(words).toContain(word)
  return words.map((word) => places[word] ?? word)
}

describe('docs/systemd.md', () => {
  it('has a unit in each code block', () => {
    expect(units).toHaveLength(blocks.length)
    expect(services.map(({ name }) => name)).toEqual(['shop.service', 'store.service', 'vault.service'])
  })

  it('names only flags that exist', () => {
    const flags = services.flatMap(({ name }) => startOf(name).filter((word) => word.startsWith('--')))
    expect(flags.length).toBeGreaterThan(8)
    expect(flags.filter((flag) => !flagTable.has(flag))).toEqual([])
  })

  it('does not restart after an error that a retry cannot cure', () => {
    const { options, app, tls, refused } = exitCodes
    expect(valuesOf('shop.service', 'RestartPreventExitStatus')).toEqual([
      [options, app, tls, refused].map(({ number }) => number).join(' '),
    ])
  })

  it('allows more time for a start and a stop than the launcher needs', () => {
    const seconds = (name: 'timeouts.graceful' | 'timeouts.boot'): number =>
      Number.parseInt(String(optionRow(name).default), 10)
    for (const { name } of services)
      expect(Number(valuesOf(name, 'TimeoutStopSec')[0])).toBeGreaterThan(seconds('timeouts.graceful') + 1)
    expect(Number(valuesOf('shop.service', 'TimeoutStartSec')[0])).toBeGreaterThan(
      seconds('timeouts.boot') + 2,
    )
  })

  it.skipIf(!isOnPath('systemd-analyze')).each(units.filter(({ name }) => !name.endsWith('.conf')))(
    'has a unit that systemd accepts without a warning: $name',
    async ({ name }) => {
      const folder = temporaryFolder()
      for (const unit of units) {
        mkdirSync(dirname(join(folder, unit.name)), { recursive: true })
        writeFileSync(join(folder, unit.name), unit.text.replace('/usr/local/bin/lockstep', command))
      }
      // The colon at the end adds the units of the system.
      const verify = `SYSTEMD_UNIT_PATH=${folder}: exec systemd-analyze verify --man=no ${name}`
      expect(await run('sh', ['-c', verify])).toEqual({ code: 0, stdout: '', stderr: '' })
    },
  )

  it('starts the shop', async () => {
    const words = replaced(startOf('shop.service'), {
      '127.0.0.1:8080': '127.0.0.1:0',
      './app.js': './apps/facts.js',
    })
    await using server = await startLockstep(words, { cwd: fixtures })
    expect(await bodyOf({ port: server.port })).toContain('"pid"')
  })

  it.skipIf(!isOnPath('systemd-socket-activate'))('starts the store on the sockets of its unit', async () => {
    expect(valuesOf('store.socket', 'ListenStream')).toEqual(['443', '80'])
    const [secure, plain] = [await freePort(), await freePort()]
    const { cert, key } = await pairFiles()
    const words = replaced(startOf('store.service'), {
      './app.js': './apps/facts.js',
      '/etc/store/cert.pem': cert,
      '/etc/store/key.pem': key,
    })
    const passed = ['NODE_ENV', 'TEST_LAUNCH_ID', 'XDG_RUNTIME_DIR', 'XDG_DATA_HOME']
    const starting = startLockstep(words, {
      cwd: fixtures,
      through: [
        ...['systemd-socket-activate', '-l', `127.0.0.1:${secure}`, '-l', `127.0.0.1:${plain}`],
        ...passed.map((name) => `--setenv=${name}`),
      ],
    })
    let location: string | null = null
    const ask = async (): Promise<boolean> => {
      const answer = await fetch(`http://127.0.0.1:${plain}/x`, { redirect: 'manual' }).catch(() => null)
      location = answer?.headers.get('location') ?? null
      return location !== null
    }
    await waitUntil(ask, { deadlineMs: 15_000, what: 'a redirect' })
    await using _server = await starting
    expect(location).toBe(`https://127.0.0.1:${secure}/x`)
  })

  it.skipIf(process.getuid?.() !== 0 || !isOnPath('setpriv'))(
    'starts the vault with only the capabilities of the unit, and reloads a key of root',
    async () => {
      const folder = temporaryFolder()
      const app = readFileSync(join(fixtures, 'apps/facts.js'))
      writeFileSync(join(folder, 'app.js'), app)
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
      await run('chmod', ['-R', 'a+rX', folder])
      const { cert, key } = await pairFiles()
      const words = replaced(startOf('vault.service'), {
        '/srv/vault': folder,
        vault: 'nobody',
        ':443': '127.0.0.1:0',
        '/etc/letsencrypt/live/vault/fullchain.pem': cert,
        '/etc/letsencrypt/live/vault/privkey.pem': key,
      })
      const granted = (valuesOf('vault.service', 'CapabilityBoundingSet')[0] ?? '')
        .split(' ')
        .map((name) => `+${name.replace('CAP_', '').toLowerCase()}`)
      await using server = await startLockstep(words, {
        through: ['setpriv', `--bounding-set=-all,${granted.join(',')}`],
      })
      expect(await idsSeenBy(server.url)).toEqual([65_534, 65_534, 65_534, 65_534])
      await pairFiles({}, dirname(key))
      server.signal('SIGHUP')
      await server.waitFor('reloaded and in use by every worker')
      server.signal('SIGTERM')
      expect(await server.finished()).toMatchObject({ code: 0 })
    },
  )
})

async function idsSeenBy(url: string): Promise<unknown> {
  const body = await new Promise<string>((resolve, reject) => {
    https
      .get(url, { rejectUnauthorized: false, agent: false }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        response.once('end', () => resolve(text))
      })
      .once('error', reject)
  })
  return (JSON.parse(body) as { ids: unknown }).ids
}
