// `tls.keyPermissions` applies to every file with a secret, and to the folders and links of its path.
import { chmodSync, chownSync, lchownSync, mkdirSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Pair, pairFiles, write } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, type StartOptions, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const isRoot = process.getuid?.() === 0
const hello = join(fixtures, 'apps/hello.js')

interface Exposed {
  readonly name: string
  readonly needsRoot?: true
  /** How the option that allows it is written where the secret was set. As a flag, if left out. */
  readonly allowed?: string
  make(pair: Pair): StartOptions & { readonly args: readonly string[]; readonly says: readonly string[] }
}

const passphrase = 'hunter2'

const exposed: readonly Exposed[] = [
  {
    name: 'a key in a folder that every user may write to',
    make({ cert, key }) {
      chmodSync(dirname(key), 0o777)
      return {
        args: ['--cert', cert, '--key', key, '--tls-passphrase-command', 'echo hunter2'],
        says: [
          `The private key ${key} can be replaced`,
          `the folder ${dirname(key)} can be changed by every user (mode 0777)`,
          `chmod go-w ${dirname(key)}`,
        ],
      }
    },
  },
  {
    name: 'a passphrase file in a folder below one that every user may write to',
    make({ cert, key }) {
      const folder = temporaryFolder()
      chmodSync(folder, 0o777)
      mkdirSync(join(folder, 'inner'))
      const file = write(join(folder, 'inner'), 'passphrase', passphrase)
      return {
        args: ['--cert', cert, '--key', key, '--tls-passphrase-file', file],
        says: [`The passphrase file ${file} can be replaced`, `the folder ${folder} can be changed`],
      }
    },
  },
  {
    name: 'a link in a folder of another user',
    needsRoot: true,
    make({ cert, key }) {
      const theirs = join(dirname(key), 'theirs')
      mkdirSync(theirs)
      chownSync(theirs, 65_534, 65_534)
      symlinkSync(key, join(theirs, 'key'))
      lchownSync(join(theirs, 'key'), 65_534, 65_534)
      return {
        args: ['--cert', cert, '--key', join(theirs, 'key'), '--tls-passphrase-command', 'echo hunter2'],
        says: [
          `the folder ${theirs} belongs to another user (uid 65534`,
          `chown 0:0 ${theirs} && chown -h 0:0 ${join(theirs, 'key')}`,
        ],
      }
    },
  },
  {
    name: 'a passphrase in an environment file that others may read',
    allowed: '`LOCKSTEP_TLS_KEY_PERMISSIONS=warn`',
    make({ cert, key }) {
      const cwd = temporaryFolder()
      const file = write(cwd, '.env', `LOCKSTEP_TLS_PASSPHRASE=${passphrase}\n`, 0o644)
      return {
        args: ['--cert', cert, '--key', key],
        cwd,
        says: [
          `The environment file ${file}, which holds the passphrase, can be read or changed by others`,
          'mode 0644',
          `chmod 600 ${file}`,
        ],
      }
    },
  },
  {
    name: 'a passphrase in a configuration file that others may read',
    allowed: "`tls.keyPermissions: 'warn'`",
    make({ cert, key }) {
      const cwd = temporaryFolder()
      const file = write(
        cwd,
        'lockstep.config.json',
        JSON.stringify({ tls: { cert, key, passphrase } }),
        0o640,
      )
      if (!isRoot) chmodSync(file, 0o644)
      else chmodSync(file, 0o660)
      return {
        args: [],
        cwd,
        says: [`The configuration file ${file}, which holds the passphrase, can be read`],
      }
    },
  },
  {
    name: 'a passphrase of a further host in the text of a configuration file with code',
    allowed: "`tls.keyPermissions: 'warn'`",
    make({ cert, key }) {
      const cwd = temporaryFolder()
      const sni = { localhost: { cert, key, passphrase } }
      const file = write(
        cwd,
        'lockstep.config.mjs',
        `export default { tls: { cert: '${cert}', key: '${key}', passphraseCommand: 'echo hunter2', sni: ${JSON.stringify(sni)} } }`,
        0o644,
      )
      return {
        args: [],
        cwd,
        says: [`The configuration file ${file}, which holds the passphrase of localhost,`],
      }
    },
  },
]

describe.each(exposed)('$name', ({ make, needsRoot, allowed = '--tls-key-permissions warn' }) => {
  it.skipIf(needsRoot && !isRoot)('is refused', async () => {
    const { args, says, ...options } = make(await pairFiles({ passphrase }))
    const stderr = await failedLaunch(['run', hello, ...args], {
      code: 'LOCKSTEP_ERR_TLS_KEY_PERMISSIONS',
      says: [...says, allowed],
      hides: [passphrase],
      ...options,
    })
    expect(stderr).toBeTruthy()
  })

  it.skipIf(needsRoot && !isRoot)('only causes a warning if that is configured', async () => {
    const pair = await pairFiles({ passphrase })
    const { args, says, ...options } = make(pair)
    await using server = await startLockstep(
      ['run', hello, '--port', '0', ...args, '--tls-key-permissions', 'warn'],
      options,
    )
    await server.waitFor(says[0] ?? '')
    expect((await exchange(server.url, { ca: pair.certPem })).status).toBe(200)
  })
})

describe('a key that becomes private only after it was read', () => {
  // The passphrase of a further host is asked for behind the key of the default one, and before owners and modes are judged.
  const others = async (folder: string): Promise<{ args: string[]; key: string }> => {
    const [pair, further] = [await pairFiles({}, folder), await pairFiles({ passphrase })]
    chmodSync(pair.key, 0o644)
    const sni = { localhost: { cert: further.cert, key: further.key, passphraseCommand: '' } }
    sni.localhost.passphraseCommand = `chmod 600 ${pair.key}; echo ${passphrase}`
    const config = write(folder, 'lockstep.config.json', JSON.stringify({ tls: { sni } }))
    return { args: ['--config', config, '--cert', pair.cert, '--key', pair.key], key: pair.key }
  }

  it('is refused because of its earlier permissions', async () => {
    const { args, key } = await others(temporaryFolder())
    await failedLaunch(['run', hello, ...args], {
      code: 'LOCKSTEP_ERR_TLS_KEY_PERMISSIONS',
      says: [`The private key ${key} can be read or changed by others on this machine (mode 0644)`],
    })
    expect(statSync(key).mode & 0o777).toBe(0o600)
  })

  it('only causes a warning if that is configured', async () => {
    const { args } = await others(temporaryFolder())
    await using server = await startLockstep([
      ...['run', hello, '--port', '0', ...args, '--tls-key-permissions', 'warn'],
    ])
    await server.waitFor('can be read or changed by others on this machine (mode 0644)')
  })
})

it('a key as PEM text in a configuration file of mode 0644 is refused', async () => {
  const { cert, keyPem } = await pairFiles()
  const cwd = temporaryFolder()
  const file = write(cwd, 'lockstep.config.json', JSON.stringify({ tls: { cert, key: keyPem } }), 0o644)
  await failedLaunch(['run', hello], {
    cwd,
    code: 'LOCKSTEP_ERR_TLS_KEY_PERMISSIONS',
    says: [`The configuration file ${file}, which holds the private key, can be read`],
    hides: [keyPem.split('\n')[1] ?? ''],
  })
})

it('a configuration file whose code only fetches a secret from elsewhere may be readable by all', async () => {
  const { cert, key, certPem } = await pairFiles({ passphrase })
  const cwd = temporaryFolder()
  const elsewhere = write(temporaryFolder(), 'passphrase', passphrase)
  write(
    cwd,
    'lockstep.config.mjs',
    `import { readFileSync } from 'node:fs'; export default { port: 0, tls: { cert: '${cert}', key: '${key}', passphrase: readFileSync('${elsewhere}', 'utf8') } }`,
    0o644,
  )
  await using server = await startLockstep(['run', hello], { cwd })
  expect((await exchange(server.url, { ca: certPem })).status).toBe(200)
})

it('a broken configuration file with a passphrase is refused without showing its text', async () => {
  const cwd = temporaryFolder()
  write(cwd, 'lockstep.config.json', `{ "tls": { "passphrase": "${passphrase}" "port": 0 }`)
  await failedLaunch(['run', hello], {
    cwd,
    code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
    says: ['cannot be read'],
    hides: [passphrase],
  })
})
