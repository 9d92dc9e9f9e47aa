import { once } from 'node:events'
import { type BigIntStats, lstatSync, unlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { codeOf } from '../../errors/thrown.ts'

/**
 * Removes a socket that a killed process has left. Only a refused connection says that no process listens (unix(7)): one that is denied
 * (EACCES), that finds a full backlog (EAGAIN) or another type of socket (EPROTOTYPE) has met a live one.
 */
export async function removeStaleSocket(path: string): Promise<void> {
  const stale = lookAt(path)
  if (!stale?.isSocket()) return
  const probe = connect(path)
  try {
    await once(probe, 'connect')
  } catch (error) {
    if (codeOf(error) !== 'ECONNREFUSED') return
    // Another launcher may have replaced it meanwhile, by a socket on which it listens. File systems use an inode again at once.
    const now = lookAt(path)
    if (now?.ino === stale.ino && now.ctimeNs === stale.ctimeNs) unlinkSync(path)
  } finally {
    probe.destroy()
  }
}

function lookAt(path: string): BigIntStats | undefined {
  return lstatSync(path, { throwIfNoEntry: false, bigint: true })
}
