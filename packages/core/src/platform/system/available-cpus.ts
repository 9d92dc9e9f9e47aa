import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'

const root = '/sys/fs/cgroup'

/**
 * How many CPUs this process may use, at least 1: those of its affinity, or fewer if its control group limits their time. Node
 * knows the limit of cgroups v2, and of v1 only where the controllers `cpu` and `cpuacct` are mounted as one.
 */
export function availableCpus(): number {
  const quota = process.platform === 'linux' ? cpuQuota(readIfThere) : null
  return Math.max(
    1,
    Math.min(availableParallelism(), quota === null ? Number.POSITIVE_INFINITY : Math.floor(quota)),
  )
}

/**
 * The limit of CPU time in CPUs, the smallest of the control group and those above it; `null` when there is none. cgroups(7);
 * https://docs.kernel.org/admin-guide/cgroup-v2.html, cpu.max; https://docs.kernel.org/scheduler/sched-bwc.html, v1.
 */
export function cpuQuota(read: (file: string) => string | null): number | null {
  const groups = (read('/proc/self/cgroup') ?? '').split('\n').map((line) => line.split(':'))
  const quotas = groups.flatMap(([number, controllers = '', path = '/']) => {
    if (number === '0' && controllers === '')
      return quotasUpwards(path, (group) => quotaOfV2(read, join(root, group)))
    if (!controllers.split(',').includes('cpu')) return []
    return quotasUpwards(path, (group) => quotaOfV1(read, join(root, controllers, group)))
  })
  return quotas.length === 0 ? null : Math.min(...quotas)
}

function quotasUpwards(path: string, quotaOf: (group: string) => number | null): number[] {
  const quota = quotaOf(path)
  const above = path === '/' ? [] : quotasUpwards(dirname(path), quotaOf)
  return quota === null ? above : [quota, ...above]
}

function quotaOfV2(read: (file: string) => string | null, folder: string): number | null {
  const [quota, period] = (read(join(folder, 'cpu.max')) ?? '').trim().split(' ').map(Number)
  return ratio(quota, period)
}

function quotaOfV1(read: (file: string) => string | null, folder: string): number | null {
  const [quota, period] = ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((file) =>
    Number(read(join(folder, file)) ?? Number.NaN),
  )
  return ratio(quota, period)
}

/** `max` in v2, and -1 in v1, mean no limit. */
function ratio(quota = Number.NaN, period = Number.NaN): number | null {
  return quota > 0 && period > 0 ? quota / period : null
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
