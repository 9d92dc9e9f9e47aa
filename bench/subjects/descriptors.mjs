import { readFileSync } from 'node:fs'

/** How many files a process may open: setrlimit(2), the hard limit. Node raises the soft one to it by itself. */
export function descriptors() {
  const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard)
}

/** The command, with the soft limit raised as well. */
export function withDescriptors(command) {
  return ['sh', '-c', 'ulimit -Sn "$(ulimit -Hn)"; exec "$@"', 'sh', ...command]
}
