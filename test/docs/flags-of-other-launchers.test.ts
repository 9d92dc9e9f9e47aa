import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LaunchError, launch } from '@lockstep/core'
import { flagTable, foreignLaunchers, optionNames, optionRow, readArgv } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'
import { gunicornSettings } from '../../packages/external/src/gunicorn/gunicorn-settings.ts'
import { uvicornSettings } from '../../packages/external/src/uvicorn/uvicorn-settings.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { flagsOfPeers } from '../support/flags-of-peers.ts'
import { fixtures, runLockstep } from '../support/lockstep.ts'
import { missingPeers } from '../support/missing-peers.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = join(import.meta.dirname, '../..')
const known: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(join(fixtures, 'foreign/flags-of-launchers.json'), 'utf8'),
)
const page = readFileSync(join(root, 'docs/flags-of-other-launchers.md'), 'utf8')
/** Where several launchers share a flag, one of these has the form of each. */
const sampleValues = ['4', 'max', 'A=b', './x.log', 'js,ts', 'f()', 'a.B', 'http://a']
const help = await helpOfAllCommands()
/** Flags of commands beside those of the option table. */
const commandFlags = new Set([...help.matchAll(/(?<!\S)(--?[\w-]+)/g)].map(([, flag]) => flag))
const flagsOfRun = ['-c', '--config', '--dotenv', '-h', '--help', '-V', '--version']
const isSwitch = (flag: string): boolean => {
  const meaning = flagTable.get(flag)
  return meaning !== undefined && optionRow(meaning.name).kind.isSwitch === true
}
const isOurs = (flag: string): boolean =>
  flagTable.has(flag) || flagsOfRun.includes(flag) || isSwitch(flag.replace(/^--no-/, '--'))

async function helpOfAllCommands(): Promise<string> {
  const top = (await runLockstep(['--help'])).stdout
  const names = ['run', 'check', 'plan', 'status', 'ps']
  const each = await Promise.all(names.map(async (name) => (await runLockstep(['help', name])).stdout))
  return [top, ...each].join('\n')
}

describe.each(foreignLaunchers)('each flag of $name', ({ name, flags: rows }) => {
  const named = rows.flatMap(({ flags, keys }) => [...flags, ...keys])

  it.skipIf(known[name] === undefined)('is in the table, and no other one', () => {
    // A parser adds its help and its version, which its list leaves out.
    const added = /^(-h|--help|-v|--version)$/
    expect(known[name]?.filter((one) => !named.includes(one))).toEqual([])
    expect(named.filter((one) => !known[name]?.includes(one) && !added.test(one))).toEqual([])
  })

  it('has one row', () => {
    expect(named.filter((one, index) => named.indexOf(one) !== index)).toEqual([])
  })

  it('is a flag of Lockstep exactly if its row says so', () => {
    const wrong = rows.flatMap(({ flags, answer }) =>
      flags.filter((flag) => isOurs(flag) !== (answer !== 'refused')),
    )
    expect(wrong).toEqual([])
  })

  it('is answered with flags, commands and pages that exist', () => {
    for (const { here } of rows.filter(({ answer }) => answer !== 'same')) expect(here).toMatch(/\.$/)
    expect(rows.flatMap(({ here }) => missingIn(here))).toEqual([])
  })

  it('that Lockstep lacks is refused with its meaning, our answer and its row in the docs', () => {
    const refusals = rows
      .filter(({ answer }) => answer === 'refused')
      .flatMap((row) => row.flags.map((flag) => ({ ...row, flag })))
      // A secret has a refusal of its own.
      .filter(({ flag }) => flag !== '--ssl-keyfile-password')
    for (const { flag, does, here, value } of refusals) {
      const sample = sampleValues.find((one) => value?.test(one)) ?? '/'
      const [fault] = readArgv(['app.js', flag, sample], { directory: '/' }).faults
      expect(fault?.code, flag).toBe('LOCKSTEP_ERR_OPTION_UNKNOWN')
      expect(fault?.message).toContain(does)
      expect(withoutExamples(fault?.hint ?? '')).toContain(withoutExamples(here))
      const ids = [...(fault?.hint.matchAll(/flags-of-other-launchers\.md#([\w-]+)/g) ?? [])]
      expect(ids.length, flag).toBeGreaterThan(0)
      for (const [, id] of ids) expect(page).toContain(`<a id="${id}"></a>`)
    }
  })
})

/** The value of the user takes the place of an example such as `{1600}`. */
const withoutExamples = (text: string): string => text.replaceAll(/\{?\d+[KMG]?\}?/g, 'N')

/** The text around its spans of code. */
const withoutSpans = (text: string): string[] => text.split(/`[^`]*`/)

/** The flags of options in spans that are not command lines. */
function flagsIn(text: string): string[] {
  return [...text.matchAll(/`(--[\w-]+)[^`]*`/g)].flatMap(([, flag = '']) =>
    flagTable.has(flag) ? flag : [],
  )
}

/** What a text names of Lockstep that does not exist. */
function missingIn(text: string): string[] {
  const spans = [...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span)
  const flags = spans
    .filter((span) => /^(-|lockstep )/.test(span))
    .flatMap((span) => span.split(' -- ')[0]?.match(/(?<=^|\s)--?[a-z][\w-]*/gi) ?? [])
  const verbs = [...text.matchAll(/`lockstep ([a-z-]+)/g)].map(([, verb = '']) => verb)
  const pages = text.match(/docs\/[\w-]+\.md/g) ?? []
  return [
    ...flags.filter((flag) => !isOurs(flag) && !commandFlags.has(flag)),
    ...verbs.filter((verb) => !new RegExp(`^  ${verb} `, 'm').test(help)),
    ...pages.filter((one) => !existsSync(join(root, one))),
  ]
}

describe('the command', () => {
  it.each([
    [
      ['-i', 'max'],
      ['In PM2 it starts this many processes', '--workers auto', '#pm2-instances'],
    ],
    [['-i4'], ['In PM2 it starts this many processes', '#pm2-instances']],
    [['-i', 'public/'], ['In nodemon it does not watch these files']],
    [['--watch'], ['In PM2, nodemon, listhen and Node it restarts when a file changes', 'docs/debugging.md']],
    [
      ['-k', 'uvicorn.workers.UvicornWorker'],
      ['In Gunicorn it selects the kind of worker', '#gunicorn-worker-class'],
    ],
    [['--no-daemon'], ['In PM2 it runs PM2 in the foreground']],
    [['--ssl'], ['In other servers it serves HTTPS', '`--tls-self-signed`', '#guess-ssl']],
    [
      ['--cluster'],
      ['In other servers it runs several processes of the app', '`--backend cluster`', '--workers 4'],
    ],
    [['--max-old-space-size=300'], ['It is a flag of Node', 'NODE_OPTIONS=--max-old-space-size']],
  ])('%j ends the command with what to write instead', async (flags, says) => {
    const stderr = await failedLaunch(['run', join(fixtures, 'apps/hello.js'), ...flags], {
      code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
      says: ['is not an option of Lockstep.'],
    })
    for (const text of says) expect(stderr.replaceAll(/\s+/g, ' ')).toContain(text)
  })
})

it.each([
  [
    ['--reload'],
    '--reload needs a value. In Gunicorn and Uvicorn it restarts when a file changes. Here `--reload` says',
  ],
  [['--access-log'], 'In Uvicorn it writes the access log. Here it needs a file'],
  [
    ['-w', 'src'],
    '-w must be a whole number from 1 to 1024, or auto; found "src". In nodemon it watches this folder or file.',
  ],
  [
    ['-p', '/run/app.pid'],
    'In PM2 and Gunicorn it writes the process id to this file. Here `-p` is `--port`.',
  ],
])(
  '%j, which means something else in another launcher, is refused with both meanings',
  async (flags, says) => {
    const { code, stderr } = await runLockstep(['run', join(fixtures, 'apps/hello.js'), ...flags])
    expect(code).toBe(2)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(says)
  },
)

it('each key of the configuration file of another launcher that Lockstep lacks is refused with its meaning and our answer', async () => {
  const rows = foreignLaunchers.flatMap(({ flags }) => flags)
  const foreign = rows.flatMap((row) =>
    row.keys.map((key) => ({ ...row, key: key.replace('*', 'production') })),
  )
  const unknown = foreign.filter(
    ({ key }) => !optionNames.includes(key as never) && !['reload', 'log'].includes(key),
  )
  const config = Object.fromEntries(unknown.map(({ key }) => [key, 1]))
  const refused = await launch(config as never, { config: false, envFile: false, environment: false }).catch(
    (error: unknown) => error,
  )
  if (!(refused instanceof LaunchError)) throw refused
  for (const { key, does, answer, here } of unknown) {
    const fault = refused.faults.find(({ source }) => source === `${key} in launch()`)
    expect(fault?.message, key).toContain(does)
    const hint = fault?.hint ?? ''
    for (const words of withoutSpans(here)) expect(hint, key).toContain(words)
    // A user of keys is answered in keys.
    expect(flagsIn(hint), key).toEqual([])
    if (answer === 'same') expect(hint, key).toContain('Here it is `')
  }
})

it('a flag of another launcher at a command without an app is refused for that command', async () => {
  const { code, stderr } = await runLockstep(['stop', '--watch'])
  expect(code).toBe(2)
  expect(stderr).toContain('--watch is not an option of `lockstep stop`.')
})

it('an ecosystem file of PM2, named as the app, is refused with a pointer to the guide', async () => {
  const cwd = temporaryFolder()
  const file = join(cwd, 'ecosystem.config.cjs')
  writeFileSync(file, "module.exports = { apps: [{ name: 'shop', script: './app.js' }] }\n")
  await failedLaunch(['run', file], {
    code: 'LOCKSTEP_ERR_APP_UNRECOGNISED',
    says: ['It is an ecosystem file of PM2.', 'docs/from-pm2.md'],
  })
})

it('a setting that is left to Gunicorn or Uvicorn is one that their backends accept', () => {
  const texts = foreignLaunchers.flatMap(({ flags }) => flags.map(({ here }) => here)).join('\n')
  const ofGunicorn = [...texts.matchAll(/set `(\w+)` in `gunicorn\.conf\.py`/g)].map(([, name = '']) => name)
  const ofUvicorn = [...texts.matchAll(/`UVICORN_(\w+)`/g)].map(([, name = '']) => name.toLowerCase())
  expect([ofGunicorn.length > 10, ofUvicorn.length > 5]).toEqual([true, true])
  expect(ofGunicorn.filter((name) => name in gunicornSettings)).toEqual([])
  expect(ofUvicorn.filter((name) => name in uvicornSettings)).toEqual([])
})

const withoutPeers = missingPeers('python', 'uvicorn')
it.skipIf(withoutPeers !== '').each(['Gunicorn', 'Uvicorn'] as const)(
  `the list of %s is that of the installed version${withoutPeers}`,
  (name) => {
    expect([...new Set(flagsOfPeers[name]())].sort()).toEqual(known[name])
  },
)
