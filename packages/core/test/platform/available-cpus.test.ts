import { describe, expect, it } from 'vitest'
import { cpuQuota } from '../../src/platform/system/available-cpus.ts'

function quotaWith(files: Readonly<Record<string, string>>): number | null {
  return cpuQuota((file) => files[file] ?? null)
}

describe('cpuQuota', () => {
  it('reads cpu.max of cgroups v2', () => {
    const files = { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '150000 100000\n' }
    expect(quotaWith(files)).toBe(1.5)
    expect(quotaWith({ ...files, '/sys/fs/cgroup/cpu.max': 'max 100000\n' })).toBeNull()
  })

  it('uses the smallest limit of a group and its parents', () => {
    expect(
      quotaWith({
        '/proc/self/cgroup': '0::/kubepods/pod1/shop\n',
        '/sys/fs/cgroup/kubepods/pod1/shop/cpu.max': 'max 100000',
        '/sys/fs/cgroup/kubepods/pod1/cpu.max': '200000 100000',
        '/sys/fs/cgroup/kubepods/cpu.max': '800000 100000',
      }),
    ).toBe(2)
  })

  it.each(['cpu', 'cpu,cpuacct'])('reads the quota of cgroups v1, mounted as %s', (controllers) => {
    const folder = `/sys/fs/cgroup/${controllers}/docker/shop`
    const files = {
      '/proc/self/cgroup': `4:memory:/docker/shop\n1:${controllers}:/docker/shop\n`,
      [`${folder}/cpu.cfs_period_us`]: '50000\n',
    }
    expect(quotaWith({ ...files, [`${folder}/cpu.cfs_quota_us`]: '150000\n' })).toBe(3)
    expect(quotaWith({ ...files, [`${folder}/cpu.cfs_quota_us`]: '-1\n' })).toBeNull()
  })

  it('returns no limit where there are no control groups', () => {
    expect(quotaWith({})).toBeNull()
  })
})
