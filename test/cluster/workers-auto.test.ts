import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
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
    expect(inGroup).toEqual(['single', expect.stringContaining('one worker')])
  } finally {
    rmdirSync(group ?? '')
  }
})
