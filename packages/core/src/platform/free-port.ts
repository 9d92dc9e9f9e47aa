import getPort from 'get-port'

/**
 * The number of a port that is free now, for programs that can't bind port 0 and report. Between this answer and the bind
 * somebody else may take it; get-port at least never gives the same number twice within a process.
 */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return getPort({ host })
}
