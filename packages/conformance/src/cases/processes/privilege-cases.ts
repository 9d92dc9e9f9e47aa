import assert from 'node:assert/strict'
import { chmodSync, copyFileSync, mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { CaseContext } from '../../case-context.ts'
import { anotherAccount, groupsOf, isRoot } from '../../clients/accounts.ts'
import { request } from '../../clients/http/node-client.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'

export const privilegeCases: readonly ConformanceCase[] = [
  {
    id: 'processes/user/serves-as-that-user',
    level: 'MUST',
    requirement:
      'The app runs as the given user with only the groups of that user, and a launcher that is not root refuses the option.',
    source: 'docs/options.md: user; setuid(2), initgroups(3)',
    observes: ['user'],
    async run(context) {
      const { name, uid, gid } = anotherAccount()
      if (!isRoot()) return context.mustRefuse({ user: name }, 'LOCKSTEP_ERR_NOT_ROOT')
      const seen = await processOf(await context.start({ app: reachableApp(context), user: name }))
      assert.equal(seen.uid, uid)
      assert.equal(seen.gid, gid)
      assert.deepEqual(
        seen.groups.toSorted((a, b) => a - b),
        groupsOf(name),
      )
    },
  },
  {
    id: 'processes/group/serves-in-that-group',
    level: 'MUST',
    requirement: 'The app runs in the given group, and a launcher that is not root refuses the option.',
    source: 'docs/options.md: group; setgid(2)',
    observes: ['group'],
    async run(context) {
      const { name, uid } = anotherAccount()
      if (!isRoot()) return context.mustRefuse({ user: name, group: sys }, 'LOCKSTEP_ERR_NOT_ROOT')
      const seen = await processOf(
        await context.start({ app: reachableApp(context), user: name, group: sys }),
      )
      assert.equal(seen.uid, uid)
      assert.equal(seen.gid, sys)
    },
  },
  {
    id: 'processes/user/unknown-is-refused',
    level: 'MUST',
    requirement: 'A launch with a user that does not exist is refused before anything is bound.',
    source: 'docs/errors.md: LOCKSTEP_ERR_ACCOUNT_UNKNOWN',
    observes: ['user'],
    needs: ['posix-modes'],
    run: ({ mustRefuse }) =>
      mustRefuse({ user: 'lockstep-nobody-has-this-name' }, 'LOCKSTEP_ERR_ACCOUNT_UNKNOWN'),
  },
  {
    id: 'processes/umask/holds-for-the-app',
    level: 'MUST',
    requirement: 'The app runs with the given umask.',
    source: 'docs/options.md: umask; umask(2)',
    observes: ['umask'],
    async run({ start }) {
      for (const umask of ['027', '077'])
        assert.equal((await processOf(await start({ umask }))).umask, Number.parseInt(umask, 8))
    },
  },
  {
    id: 'processes/chdir/is-where-the-app-runs',
    level: 'MUST',
    requirement: 'The app runs in the given folder, and its relative path starts there.',
    source: 'docs/options.md: chdir',
    observes: ['chdir'],
    async run({ start, folder, apps, runtime }) {
      const inner = join(folder, 'inner')
      mkdirSync(inner)
      copyFileSync(apps.observable, join(inner, 'there.mjs'))
      const seen = await processOf(await start({ chdir: inner, app: './there.mjs' }))
      assert.equal(seen.folder, runtime.path(realpathSync(inner)))
    },
  },
]

/** The number of the group `sys`, which is on every system. */
const sys = 3

interface SeenProcess {
  readonly uid: number | null
  readonly gid: number | null
  readonly groups: readonly number[]
  readonly folder: string
  readonly umask: number
}

async function processOf(subject: Subject): Promise<SeenProcess> {
  const { body } = await request({ ...subject, path: '/process' })
  return JSON.parse(body) as SeenProcess
}

/** The suite's app where every user can read it: this checkout may be in a folder of root's. */
function reachableApp({ folder, apps }: CaseContext): string {
  const app = join(folder, 'app.mjs')
  copyFileSync(apps.observable, app)
  chmodSync(folder, 0o755)
  chmodSync(app, 0o644)
  return app
}
