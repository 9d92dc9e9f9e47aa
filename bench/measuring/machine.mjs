import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'

/** The machine that the run used, and the time. */
export function machine() {
  return {
    at: new Date().toISOString(),
    node: process.version,
    platform: `${process.platform} ${process.arch}, kernel ${release()}`,
    processor: cpus()[0]?.model.trim() ?? 'a processor that it does not report',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1_073_741_824),
    loadBefore: Math.round(loadavg()[0] * 100) / 100,
  }
}
