import { once } from 'node:events'
import { lstatSync, unlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { codeOf } from '../errors/thrown.ts'

/**
 * Removes a socket that a killed process has left. Only a refused connection says that nobody listens (unix(7)): one that is denied
 * (EACCES), that finds a full backlog (EAGAIN) or another type of socket (EPROTOTYPE) has met somebody.
 */
export async function removeStaleSocket(path: string): Promise<void> {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSocket()) return
  const probe = connect(path)
  try {
    await once(probe, 'connect')
  } catch (error) {
    if (codeOf(error) === 'ECONNREFUSED') unlinkSync(path)
  } finally {
    probe.destroy()
  }
}
