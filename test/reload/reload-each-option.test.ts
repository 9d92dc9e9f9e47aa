import type { OptionName } from '@lockstep/core'
import { optionNames } from '@lockstep/core/backend'
import { optionRow } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { runsEverything, whyLeftOut } from '../support/runs-everything.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { changes, needsStart, type Settings } from '../support/tls-changes.ts'

/** What is added to a proxy that is trusted. Each takes effect at a start alone. */
const proxyChanges = {
  'proxy.trusted': { trusted: '192.0.2.1' },
  'proxy.header': { header: 'forwarded' },
  'proxy.protocol': { protocol: 'require' },
}

describe('lockstep reload after a change of one option in the configuration file', () => {
  it.skipIf(!runsEverything).each(Object.entries(changes))(`%s${whyLeftOut}`, async (name, change) => {
    const { before, after, effect } = await change()
    const folder = temporaryFolder()
    const put = (tls: Settings): void =>
      void write(folder, 'lockstep.config.json', JSON.stringify({ port: 0, tls: { watch: false, ...tls } }))
    put(before)
    await using server = await startLockstep(['run', `${fixtures}apps/switches.js`], { cwd: folder })
    const reload = async (): ReturnType<typeof runLockstep> =>
      runLockstep(['reload'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
    const takesEffect = optionRow(name as OptionName).takesEffect
    if ('refused' in effect) {
      put(after)
      expect((await reload()).stderr).toContain(`[${effect.refused}]`)
      if (effect.refused === needsStart.refused) expect(takesEffect).toBe('start')
      return
    }
    expect(await effect.see(server)).toEqual(effect.seen[0])
    put(after)
    expect(await reload()).toMatchObject({ code: 0, stderr: '' })
    expect(await effect.see(server)).toEqual(effect.seen[1])
    expect(takesEffect).toBe('reload')
  })

  it.skipIf(!runsEverything).each(Object.entries(proxyChanges))(`%s${whyLeftOut}`, async (name, after) => {
    const folder = temporaryFolder()
    const put = (proxy: Settings): void =>
      void write(folder, 'lockstep.config.json', JSON.stringify({ port: 0, proxy }))
    put({ trusted: '127.0.0.1' })
    await using server = await startLockstep(['run', `${fixtures}apps/switches.js`], { cwd: folder })
    put({ trusted: '127.0.0.1', ...after })
    const { stderr } = await runLockstep(['reload'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
    expect(stderr).toContain(`[${needsStart.refused}]`)
    expect(stderr).toContain(`${name} was `)
    expect(optionRow(name as OptionName).takesEffect).toBe('start')
  })

  it('is tried for every option of TLS and of proxies', () => {
    expect(Object.keys({ ...changes, ...proxyChanges }).sort()).toEqual(
      optionNames.filter((name) => /^(?:tls|proxy)\./.test(name)).sort(),
    )
  })
})
