import { entriesIfThere, linesWhile, linkIfThere, textIfThere } from '../files/read-if-there.ts'
import { findProgram } from '../system/find-program.ts'
import { runQuietly } from './run-quietly.ts'

/** A place where processes listen. */
export type ListeningSocket = {
  /** Those that hold it, as far as the system shows them: forked processes share a socket. */
  readonly pids: readonly number[]
} & ListeningPlace

export type ListeningPlace =
  /** `host`: an address; `0.0.0.0` and `::` are all of them. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

/**
 * Every socket that listens, in this network namespace. `null`: the system does not show them. With `of`, Linux looks only whether these processes
 * hold them, which takes a fraction of the time.
 */
export async function listeningSockets({
  of = null,
}: {
  of?: readonly number[] | null
} = {}): Promise<readonly ListeningSocket[] | null> {
  const found =
    await soughtBy[process.platform === 'linux' || process.platform === 'win32' ? process.platform : 'other'](
      of,
    )
  // It is called when a program should listen. An empty table means that the system does not show it.
  return found.length === 0 ? null : found
}

/**
 * The names of all TCP sockets that listen, in this network namespace, without who holds them. `null`: only Linux shows them for little.
 */
export function namesOfListeners(): ReadonlySet<string> | null {
  if (process.platform !== 'linux') return null
  return new Set(tcpListeners().map(({ inode }) => inode))
}

const soughtBy = {
  linux: async (of: readonly number[] | null) => socketsOfProc(of ?? processIds()),
  win32: socketsOfNetstat,
  other: socketsOfLsof,
} as const

function socketsOfProc(pids: readonly number[]): ListeningSocket[] {
  const sockets = [...tcpListeners(), ...parseUnixTable(textIfThere('/proc/net/unix'))]
  const owners = ownersOf(new Set(sockets.map(({ inode }) => inode)), pids)
  return sockets.map(({ inode, ...place }) => ({ ...place, pids: owners.get(inode) ?? [] }))
}

/**
 * The kernel lists the sockets that listen before the connections (`tcp_seq_start()` in net/ipv4/tcp_ipv4.c), and makes the table only as far as it is
 * read, so the time does not depend on how many connections there are.
 */
function tcpListeners(): readonly SocketRow[] {
  // The first line has the names of the columns.
  const listens = (line: string): boolean => /^\s*(?:sl|\S+ \S+ \S+ 0A)\s/.test(line)
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    parseTcpTable(linesWhile(table, listens).join('\n')),
  )
}

type SocketRow = ListeningPlace & { readonly inode: string }

/** proc_net(5). Columns: number, local address, remote address, state (0A is LISTEN), …, inode as the tenth. */
export function parseTcpTable(text: string): SocketRow[] {
  return text.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/)
    const [, address = '', port = ''] = /^([\dA-F]+):([\dA-F]{4})$/.exec(columns[1] ?? '') ?? []
    const inode = columns[9]
    if (columns[3] !== '0A' || inode === undefined || port === '') return []
    return [{ kind: 'tcp' as const, host: addressOf(address), port: Number.parseInt(port, 16), inode }]
  })
}

/** Words of four bytes, each with the byte order of the processor, which is little-endian wherever Node runs but on s390x. */
function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  if (littleEndian) bytes.swap32()
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16))
  return shorten(groups.join(':'))
}

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/** As URL writes an IPv6 address, by RFC 5952. */
function shorten(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1)
}

/** Columns: number, references, protocol, flags (__SO_ACCEPTCON is 0x10000), type, state, inode, path. */
export function parseUnixTable(text: string): SocketRow[] {
  return text.split('\n').flatMap((line) => {
    const [, flags = '0', inode, path] = /^\S+: \S+ \S+ ([\dA-F]{8}) \S+ \S+ +(\d+) (.+)$/.exec(line) ?? []
    if (inode === undefined || path === undefined || (Number.parseInt(flags, 16) & 0x10000) === 0) return []
    return [{ kind: 'unix' as const, path, inode }]
  })
}

/** By their open descriptors, which are shown for processes of the same user, or to root. */
function ownersOf(inodes: ReadonlySet<string>, pids: readonly number[]): ReadonlyMap<string, number[]> {
  const owners = new Map<string, number[]>()
  for (const pid of pids) {
    const held = new Set(
      entriesIfThere(`/proc/${pid}/fd`).flatMap(
        (fd) => /^socket:\[(\d+)\]$/.exec(linkIfThere(`/proc/${pid}/fd/${fd}`))?.[1] ?? [],
      ),
    )
    for (const inode of held) if (inodes.has(inode)) owners.set(inode, [...(owners.get(inode) ?? []), pid])
  }
  return owners
}

function processIds(): number[] {
  return entriesIfThere('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

async function socketsOfLsof(): Promise<ListeningSocket[]> {
  const lsof = findProgram('lsof')
  if (lsof === null) return []
  const [tcp, unix] = await Promise.all([
    runQuietly(lsof, ['-nP', '-iTCP', '-sTCP:LISTEN', '-Fptn']),
    runQuietly(lsof, ['-nP', '-U', '-Fptn']),
  ])
  return [...parseLsof(tcp), ...parseLsof(unix)]
}

/** lsof(8), "Output for other programs": a field a line, its letter first: p process, f descriptor, t type, n name. */
export function parseLsof(text: string): ListeningSocket[] {
  let pid = 0
  let type = ''
  return text.split('\n').flatMap((line): ListeningSocket[] => {
    const [letter, value] = [line.charAt(0), line.slice(1)]
    if (letter === 'p') pid = Number(value)
    if (letter === 't') type = value
    if (letter !== 'n' || !(pid > 0)) return []
    if (type === 'unix') {
      const path = value.split(' type=')[0] ?? ''
      return path.startsWith('/') ? [{ kind: 'unix', path, pids: [pid] }] : []
    }
    const [, host = '', port] = /^(.*):(\d+)$/.exec(value) ?? []
    if (port === undefined) return []
    const wildcard = type === 'IPv6' ? '::' : '0.0.0.0'
    return [
      {
        kind: 'tcp',
        host: host === '*' ? wildcard : host.replace(/^\[(.*)\]$/, '$1'),
        port: Number(port),
        pids: [pid],
      },
    ]
  })
}

async function socketsOfNetstat(): Promise<ListeningSocket[]> {
  const netstat = findProgram('netstat')
  return netstat === null ? [] : parseNetstat(await runQuietly(netstat, ['-ano']))
}

/**
 * Protocol, local address, foreign address, state, process id. The state is in the language of the system. Only a socket that listens has the foreign
 * port 0.
 */
export function parseNetstat(text: string): ListeningSocket[] {
  return text.split(/\r?\n/).flatMap((line): ListeningSocket[] => {
    const match = /^\s*TCP\s+(\S+):(\d+)\s+\S+:0\s+\D+?\s+(\d+)\s*$/.exec(line)
    if (!match) return []
    const [, host = '', port, pid] = match
    const address = host.replace(/^\[(.*?)(%\d+)?\]$/, '$1')
    return [{ kind: 'tcp', host: address, port: Number(port), pids: [Number(pid)] }]
  })
}
