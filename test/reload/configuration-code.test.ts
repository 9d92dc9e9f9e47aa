// Code of a configuration file runs at the start, and at a reload that was asked for.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

describe('the code of a configuration file', () => {
  const configured = async (): Promise<{
    cwd: string
    mark: string
    key: string
    put(rest: string): void
  }> => {
    const cwd = temporaryFolder()
    const { cert, key } = await pairFiles()
    const mark = join(cwd, 'ran')
    const put = (rest: string): void =>
      void write(
        cwd,
        'lockstep.config.cjs',
        `require('node:fs').appendFileSync(${JSON.stringify(mark)}, process.pid + '\\n'); module.exports = { port: 0, tls: { cert: ${JSON.stringify(cert)}, key: ${JSON.stringify(key)} }, ${rest} }\n`,
      )
    put('')
    return { cwd, mark, key, put }
  }
  const runs = (mark: string): string[] => readFileSync(mark, 'utf8').trim().split('\n')

  it.each(['single', 'cluster'])('does not run for an automatic renewal (%s)', async (backend) => {
    const { cwd, mark, key } = await configured()
    await using server = await startLockstep(['run', join(fixtures, 'apps/hello.js'), '--backend', backend], {
      cwd,
    })
    await pairFiles({}, join(key, '..'))
    await server.waitFor('reloaded and in use by every worker')
    expect(runs(mark)).toEqual([String(server.pid)])
    expect(server.stderr()).toMatch(/"config":"kept".*reloaded and in use/)
  })

  it('runs at a reload in a separate process, which then exits, and its functions stay those of the start', async () => {
    const { cwd, mark, put } = await configured()
    const said = join(cwd, 'said')
    const hook = (word: string): string =>
      `hooks: { beforeStop() { require('node:fs').appendFileSync(${JSON.stringify(said)}, '${word}') } }`
    put(hook('old'))
    await using server = await startLockstep(['run', join(fixtures, 'apps/hello.js')], { cwd })
    put(`${hook('new')}, name: undefined`)
    server.signal('SIGHUP')
    await server.waitFor(/reloaded/)
    const [first, second] = runs(mark)
    expect([first, second === first]).toEqual([String(server.pid), false])
    await waitUntil(() => server.processes().length === 1, { what: 'the end of its process' })
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(readFileSync(said, 'utf8')).toBe('old')
  })

  it('that was not there at the start does not run later', async () => {
    const cwd = temporaryFolder()
    const mark = join(cwd, 'ran')
    await using server = await startLockstep(['run', join(fixtures, 'apps/hello.js'), '--port', '0'], { cwd })
    write(
      cwd,
      'lockstep.config.cjs',
      `require('node:fs').writeFileSync(${JSON.stringify(mark)}, ''); module.exports = {}`,
    )
    server.signal('SIGHUP')
    await server.waitFor('was not read at the start, and its code would run now')
    expect(existsSync(mark)).toBe(false)
  })

  it('that fails at a reload changes nothing', async () => {
    const { cwd, put } = await configured()
    await using server = await startLockstep(['run', join(fixtures, 'apps/hello.js')], { cwd })
    put('...(() => { throw new Error("of the file") })()')
    server.signal('SIGHUP')
    await server.waitFor(/reload failed.*lockstep\.config\.cjs cannot be read: of the file/)
    put('...process.exit(3)')
    server.signal('SIGHUP')
    await server.waitFor(/reload failed.*ended without an answer/)
  })
})
