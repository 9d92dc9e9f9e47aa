import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The TCP ports at which these processes listen, by proc_net(5): columns 2 and 4 are the address and the state, 10 the inode. Linux only. */
export function listeningPorts(pids) {
  const held = new Set(pids.flatMap(socketsOf))
  const ports = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => textOf(file).split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === '0A' && held.has(columns[9]))
    .map((columns) => Number.parseInt(columns[1].split(':')[1], 16))
  return [...new Set(ports)]
}

function socketsOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => inodeOf(`/proc/${pid}/fd/${fd}`))
  } catch {
    // It has ended.
    return []
  }
}

function inodeOf(link) {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.slice(1) ?? []
  } catch {
    return []
  }
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // A machine without IPv6 lacks one of them.
    return ''
  }
}
