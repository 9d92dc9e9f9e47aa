import { existsSync, readFileSync } from 'node:fs'

/** Memory of a process, with its share of memory that it shares with others, so that processes can be summed up (proc_pid_smaps(5), Pss). In MB. */
export function proportionalMb(pid) {
  return kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss') / 1_024
}

/** Of processes together, in MB; one that has just ended has none. */
export function memoryMb(pids) {
  return pids.reduce(
    (sum, pid) => sum + (existsSync(`/proc/${pid}/smaps_rollup`) ? proportionalMb(pid) : 0),
    0,
  )
}

/** In MB, by proc_pid_status(5). */
export function residentMb(pid) {
  return kilobytes(`/proc/${pid}/status`, 'VmRSS') / 1_024
}

function kilobytes(file, name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))[1])
}
