import { readFileSync } from 'node:fs'

/** A row of the system's tables of TCP sockets. */
export interface PortSocket {
  /** As the table writes it, in hexadecimal. */
  readonly address: string
  /** Of its listening socket, or its own; `0` for a connection that no process has accepted. */
  readonly inode: string
}

/** Codes of the states in the table (`include/net/tcp_states.h`). */
const states = { listen: '0A', synReceived: '03' } as const

/** The tables of Linux, proc(5): IPv4, and IPv6 with sockets for both. */
export const socketTables = ['/proc/net/tcp', '/proc/net/tcp6'] as const

/** The sockets of a table that are bound to a port and in a state. Empty where the system does not say. */
export function socketsOfPort(
  table: (typeof socketTables)[number],
  { port, state }: { port: number; state: keyof typeof states },
): PortSocket[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  // Columns of the table: number, local address, remote address, state, …, inode as the tenth.
  return (
    text(table)
      .split('\n')
      // A busy server has thousands of lines.
      .filter((line) => line.includes(`${suffix} `))
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[3] === states[state] && columns[1]?.endsWith(suffix))
      .map((columns) => ({ address: columns[1]?.slice(0, -suffix.length) ?? '', inode: columns[9] ?? '' }))
  )
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
