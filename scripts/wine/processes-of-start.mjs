// Which processes belong to one start. Wine starts a process apart from its parent, so only the environment shows it.
import { readdirSync, readFileSync } from 'node:fs'

/** The name of the variable that every process of a start inherits. */
export const startVariable = 'WINE_START'

/** Process ids as this machine knows them, by proc(5). A zombie has no environment any more. */
export function processesOf(startId) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(`${startVariable}=${startId}`))
    .map((pid) => ({ pid: Number(pid), words: read(`/proc/${pid}/cmdline`).split('\0') }))
}

/** A process may end while it is read. */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
