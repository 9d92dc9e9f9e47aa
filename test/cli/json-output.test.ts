import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { jsonResults, schemaOf } from '../../packages/cli/src/json/json-results.ts'
import { type JsonCommand, jsonVersions } from '../../packages/cli/src/json/json-versions.ts'
import { pairFiles } from '../support/certificates.ts'
import { beginLockstep, runLockstep, type StartOptions, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = 'apps/hello.js'
/** These show something, whatever else is on the line. */
const withoutFlags: readonly JsonCommand[] = ['help', '--version']

interface Written {
  readonly ok: boolean
  readonly exitCode?: number
  readonly faults?: readonly { readonly code: string; readonly message: string }[]
  readonly [name: string]: unknown
}

/** The object that a command wrote, which its documented schema must know in full. */
function parsed(name: JsonCommand, text: string): Written {
  const written: unknown = JSON.parse(text)
  const { error } = schemaOf(name).safeParse(written)
  expect(error?.message ?? '', text).toBe('')
  return written as Written
}

async function asJson(name: JsonCommand, words: readonly string[], options: StartOptions = {}) {
  const finished = await runLockstep([...name.split(' '), ...words, '--json'], options)
  return { ...finished, written: parsed(name, finished.stdout) }
}

describe('--json', () => {
  it('of each command for a running server writes what its schema says', async () => {
    const folder = temporaryFolder()
    const log = join(folder, 'access.log')
    const { cert, key } = await pairFiles()
    const env = { XDG_RUNTIME_DIR: folder }
    const begun = beginLockstep(
      ['run', hello, '--port', '0', '--workers', '2', '--cert', cert, '--key', key, '--json'].concat(
        '--access-log',
        log,
      ),
      { env },
    )
    await begun.waitFor('"type":"ready"')
    expect(parsed('run', begun.stdout())).toMatchObject({ schema: 1, ok: true, pid: begun.pid })
    for (const name of ['ps', 'status'] as const)
      expect((await asJson(name, [], { env })).written).toMatchObject({ servers: [{ pid: begun.pid }] })
    expect((await asJson('reload', [], { env })).written).toMatchObject({ replaced: 2, changed: false })
    expect((await asJson('scale', ['1'], { env })).written).toMatchObject({ workers: 1 })
    expect((await asJson('restart', ['1'], { env })).written).toMatchObject({ worker: 1 })
    expect((await asJson('stacks', [], { env })).written).toMatchObject({ workers: [{ worker: 1 }] })
    expect((await asJson('reopen-logs', [], { env })).written).toMatchObject({ files: [log] })
    // After a reload and with counts, the status has more to say.
    await asJson('status', [], { env })
    expect((await asJson('stop', [], { env })).written).toMatchObject({ pid: begun.pid })
    expect(await begun.ended).toMatchObject({ code: 0 })
  }, 60_000)

  it('of the other commands writes what their schemas say', async () => {
    const { cert, key } = await pairFiles()
    const folder = temporaryFolder()
    const env = { XDG_DATA_HOME: folder }
    expect((await asJson('check', [hello, '--cert', cert, '--key', key])).written).toMatchObject({
      ok: true,
      backend: 'single',
    })
    expect((await asJson('plan', [hello, '--port', '0'])).written).toMatchObject({ ok: true, faults: [] })
    const created = await asJson('cert create', ['shop.test', '--out', folder], { env })
    expect(created.written).toMatchObject({ ok: true, cert: join(folder, 'cert.pem') })
    const inspected = await asJson('cert inspect', [join(folder, 'cert.pem')], { env })
    expect(inspected).toMatchObject({ code: 0, written: { ok: true, connection: null } })
    expect((await asJson('cert untrust', [], { env: { XDG_DATA_HOME: temporaryFolder() } })).written).toEqual(
      {
        schema: 1,
        ok: true,
        changed: false,
        root: null,
        commands: [],
      },
    )
    expect((await asJson('conformance', ['--list', '--case', 'tls/alpn/*'])).written).toMatchObject({
      cases: expect.arrayContaining([expect.objectContaining({ level: 'MUST' })]),
    })
    const run = ['single', '--case', 'options/refuses/an-unknown-name', '--door', 'backend']
    const judged = await asJson('conformance', run, { deadlineMs: 60_000 })
    expect(judged.stderr).toBe('')
    expect(judged.written).toMatchObject({ conforms: true, verdict: { state: 'part', missing: [] } })
  }, 90_000)

  it('of a script, a help and the version writes the text as a property', async () => {
    const { stdout: script } = await runLockstep(['completion', 'bash'])
    expect((await asJson('completion', ['bash'])).written).toEqual({
      schema: 1,
      ok: true,
      shell: 'bash',
      script,
    })
    for (const words of [[], ['reload'], ['LOCKSTEP_ERR_ADDRESS_IN_USE']]) {
      const { stdout: text } = await runLockstep(['help', ...words])
      // Also where a terminal has colours.
      const asked = await asJson('help', words, { env: { FORCE_COLOR: '1' } })
      expect(asked).toMatchObject({ code: 0, stderr: '', written: { ok: true, text } })
    }
    const { stdout: text } = await runLockstep(['reload', '--help'])
    expect(parsed('help', (await runLockstep(['reload', '--help', '--json'])).stdout)).toMatchObject({ text })
    const { stdout: version } = await runLockstep(['--version'])
    expect((await asJson('--version', [])).written).toMatchObject({ version: version.trim() })
  })

  it('of a failed completion or help writes the fault', async () => {
    for (const words of [[], ['bsh']])
      expect(await asJson('completion', words)).toMatchObject({
        code: 2,
        stderr: '',
        written: { ok: false, faults: [{ code: 'LOCKSTEP_ERR_OPTION_INVALID' }] },
      })
    expect(await asJson('help', ['nothing'])).toMatchObject({
      code: 2,
      stderr: '',
      written: { ok: false, faults: [{ code: 'LOCKSTEP_ERR_COMMAND_UNKNOWN' }] },
    })
  })

  it.each((Object.keys(jsonVersions) as JsonCommand[]).filter((name) => !withoutFlags.includes(name)))(
    'of a failed `lockstep %s` writes the faults to standard output, and keeps the exit code',
    async (name) => {
      const { code, stderr, written } = await asJson(name, ['--not-there'])
      expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
      expect(written).toMatchObject({
        ok: false,
        exitCode: 2,
        faults: [{ code: 'LOCKSTEP_ERR_OPTION_UNKNOWN' }],
      })
    },
  )

  it('of a verb without a server, and of a chain that a client refuses, says so too', async () => {
    const none = await asJson('stop', [])
    expect(none).toMatchObject({ code: 11, stderr: '', written: { exitCode: 11 } })
    const { cert } = await pairFiles()
    const refused = await asJson('cert inspect', [cert])
    expect(refused).toMatchObject({ code: 4, stderr: '', written: { ok: false, exitCode: 4, faults: [] } })
    expect(refused.written['findings']).not.toEqual([])
  })

  it('has a schema for each command of the help', async () => {
    const { stdout } = await runLockstep(['help'])
    const section = stdout.split('\n\n').find((part) => part.startsWith('Commands\n')) ?? ''
    const names = Array.from(section.matchAll(/^ {2}([a-z-]+(?: [a-z]+)?)/gm), ([, name = '']) => name)
    expect(Object.keys(jsonResults).toSorted()).toEqual([...names, ...withoutFlags].toSorted())
  })

  it('after -- belongs to the app', async () => {
    const { stdout, stderr } = await runLockstep(['run', 'apps/gone.js', '--', '--json'])
    expect(stdout).toBe('')
    expect(stderr).toContain('✗ There is no app at apps/gone.js')
  })
})

describe('--log-format json', () => {
  const types = (text: string): unknown[] =>
    text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: unknown; code: unknown }).code)

  it.each([
    { what: 'by a flag', args: ['--log-format', 'json'], env: {} },
    { what: 'by a variable', args: [], env: { LOCKSTEP_LOG_FORMAT: 'json' } },
  ])('writes each fault of a refused start as a line of the log: $what', async ({ args, env }) => {
    const options = { env }
    const refused = await runLockstep(['run', hello, '--port', 'x', '--wrokers', '2', ...args], options)
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(types(refused.stderr)).toEqual(['LOCKSTEP_ERR_OPTION_UNKNOWN', 'LOCKSTEP_ERR_OPTION_INVALID'])
    const mistyped = await runLockstep(['stauts', ...args], options)
    expect(types(mistyped.stderr)).toEqual(['LOCKSTEP_ERR_COMMAND_UNKNOWN'])
    const stopped = await runLockstep(['run', 'apps/throws-on-load.js', '--port', '0', ...args], options)
    expect(types(stopped.stderr)).toContain('LOCKSTEP_ERR_APP_LOAD')
  })

  it('does so if the configuration file says it', async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'lockstep.config.json'), '{ "log": { "format": "json" }, "port": "x" }')
    const { stderr } = await runLockstep(['run', 'gone.js'], { cwd })
    expect(types(stderr)).toEqual(['LOCKSTEP_ERR_OPTION_INVALID', 'LOCKSTEP_ERR_APP_NOT_FOUND'])
  })
})

describe('a server that is started for programs', () => {
  it('writes its first line with --log-format json as with --json', async () => {
    await using server = await startLockstep(['run', hello, '--port', '0', '--log-format', 'json'])
    expect(parsed('run', server.stdout())).toMatchObject({ ok: true })
  })
})
