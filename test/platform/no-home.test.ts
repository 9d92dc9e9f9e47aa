import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportedCodes } from '../support/failed-launch.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const isRoot = process.getuid?.() === 0
/** The user of a container that runs as an arbitrary user id, without an entry in the system. */
const uid = 54_321
const run = ['run', join(fixtures, 'apps/facts.js'), '--port', '0']

const homes = {
  'no HOME': ['env', '-u', 'HOME'],
  'an empty HOME': ['env', 'HOME='],
  'a HOME that does not exist': ['env', 'HOME=/nonexistent'],
  'a relative HOME': ['env', 'HOME=home'],
}
const surroundings = { uid, env: { XDG_DATA_HOME: '', XDG_RUNTIME_DIR: '' }, cwd: '/' }

describe.skipIf(!isRoot).each(Object.entries(homes))(
  'a user without an entry in the system, with %s,',
  (_, through) => {
    it.each(['1', '2'])('starts a server (%s workers)', async (workers) => {
      await using server = await startLockstep([...run, '--workers', workers], { ...surroundings, through })
      expect((await fetch(server.url)).status).toBe(200)
      server.signal('SIGTERM')
      expect(await server.finished()).toMatchObject({ code: 0 })
    })
  },
)

describe.skipIf(!isRoot)(
  'a command that needs the home folder of a user without an entry in the system',
  () => {
    const through = homes['no HOME']

    it.each([
      ['--tls-self-signed', [...run, '--tls-self-signed'], 'NO_HOME'],
      ['--control', [...run, '--control'], 'CONTROL_SOCKET'],
      ['status', ['status'], 'NO_HOME'],
      ['cert trust', ['cert', 'trust', '--yes'], 'NO_HOME'],
    ])('says so: %s', async (_, args, errorCode) => {
      const { code, stderr } = await runLockstep(args, { ...surroundings, through })
      expect([code, stderr]).toEqual([9, expect.stringContaining('no home folder')])
      expect(reportedCodes(stderr)).toEqual([`LOCKSTEP_ERR_${errorCode}`])
    })

    it('works with XDG_DATA_HOME', async () => {
      const folder = temporaryFolder()
      const data = join(folder, 'data')
      mkdirSync(data)
      chmodSync(data, 0o777)
      chmodSync(folder, 0o755)
      await using server = await startLockstep([...run, '--tls-self-signed'], {
        ...surroundings,
        through: [...through, `XDG_DATA_HOME=${data}`],
      })
      expect(server.url).toMatch(/^https:/)
    })
  },
)
