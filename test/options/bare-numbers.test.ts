import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, runLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')
const run = ['run', hello]

describe('a number without a unit that is too large for seconds', () => {
  const limit = 'A number without a unit is in seconds, and at most 3600.'

  it.each([
    {
      what: 'by a flag',
      args: ['--graceful-timeout', '10000'],
      hint: 'Write 10000 milliseconds as `10000ms` or `10s`, and 10000 seconds as `10000s`. About --graceful-timeout',
    },
    {
      what: 'by a variable',
      env: { LOCKSTEP_TIMEOUTS_GRACEFUL: '10000' },
      hint: 'Write 10000 milliseconds as `10000ms` or `10s`, and 10000 seconds as `10000s`. About LOCKSTEP_TIMEOUTS_GRACEFUL',
    },
    {
      what: 'for more seconds than a day has',
      args: ['--graceful-timeout', '90500'],
      hint: 'Write 90500 milliseconds as `90500ms`. About',
    },
    {
      what: 'for an option of whole seconds',
      args: ['--tls-session-timeout', '7250'],
      hint: 'Write 7250 seconds as `7250s`. About',
    },
    {
      what: 'for more milliseconds than a day has',
      args: ['--graceful-timeout', '100000000'],
      hint: '3600. About',
    },
  ])('is refused with how to write it: $what', async ({ args = [], env = {}, hint }) => {
    await failedLaunch([...run, ...args], { env, code: 'LOCKSTEP_ERR_OPTION_INVALID', says: [limit, hint] })
  })

  it('is refused so in a configuration file, and what the error advises works', async () => {
    const config = (graceful: string): string => {
      const folder = temporaryFolder()
      write(folder, 'lockstep.config.json', `{ "timeouts": { "graceful": ${graceful} } }`)
      return folder
    }
    await failedLaunch(run, {
      cwd: config('10000'),
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      says: ['found 10000 (timeouts.graceful in lockstep.config.json)', limit, '`10000ms` or `10s`'],
    })
    for (const advised of ['10000ms', '10s', '10000s'])
      expect(
        await runLockstep(['plan', hello, '--port', '0'], { cwd: config(`"${advised}"`) }),
      ).toMatchObject({ code: 0 })
    const stderr = await failedLaunch([...run, '--graceful-timeout', 'soon'], {
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      says: ['found "soon"'],
    })
    expect(stderr).not.toContain('without a unit')
  })
})
