import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { findOnPath } from '@lockstep/core/internal'
import { expect, it } from 'vitest'
import { runLockstep } from '../support/lockstep.ts'

/** The control group of this machine in which a limit can be made, or `null`. */
const parent = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup'].find(
  (folder) => existsSync(`${folder}/cpu.cfs_quota_us`) || existsSync(`${folder}/cgroup.controllers`),
)
const group = parent && `${parent}/lockstep-${randomUUID()}`

function makeGroup(): boolean {
  if (!group) return false
  try {
    mkdirSync(group)
    if (existsSync(`${group}/cpu.max`)) writeFileSync(`${group}/cpu.max`, '100000 100000')
    else writeFileSync(`${group}/cpu.cfs_quota_us`, '100000')
    return true
  } catch {
    return false
  }
}

const canLimit = availableParallelism() > 1 && makeGroup()
const reason = canLimit ? '' : ' (no control group can be made here, or there is one CPU)'

it.skipIf(!canLimit)(`workers auto uses the CPUs that the control group allows${reason}`, async () => {
  const plan = ['plan', 'apps/switches.js', '--workers', 'auto', '--json']
  const chosen = async (through?: readonly string[]): Promise<unknown> => {
    const { stdout } = await runLockstep(plan, through && { through })
    const { backend, reason: why } = JSON.parse(stdout)
    return [backend, why]
  }
  try {
    expect(await chosen()).toEqual(['cluster', `auto: ${availableParallelism()} workers need a primary`])
    const inGroup = await chosen(['sh', '-c', `echo $$ > ${group}/cgroup.procs; exec "$@"`, 'sh'])
    expect(inGroup).toEqual(['cluster', 'auto: workers = auto has a primary, with one CPU too'])
  } finally {
    rmdirSync(group ?? '')
  }
})

const canPin = findOnPath('taskset') !== null
const whyNot = canPin ? '' : ' (taskset is not installed here)'

// What a hint says must work there: a machine with one CPU is where `auto` could mean one process.
it.skipIf(!canPin)(
  `workers auto starts on one CPU with the options that need a primary${whyNot}`,
  async () => {
    const onOneCpu = { through: ['taskset', '-c', '0'] }
    const given = ['apps/switches.js', '--workers', 'auto', '--max-memory', '300M']
    expect(await runLockstep(['check', ...given], onOneCpu)).toMatchObject({ code: 0, stderr: '' })
    const alone = await runLockstep(['check', ...given.slice(0, 3), '--backend', 'single'], onOneCpu)
    expect(alone.code).toBe(6)
    expect(alone.stderr).toContain('Use --backend cluster, or leave the backend to auto.')
  },
)
