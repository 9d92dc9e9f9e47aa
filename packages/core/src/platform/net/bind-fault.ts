import { existsSync, lstatSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { dirname } from 'node:path'
import type { Fault } from '../../errors/launch-error.ts'
import { codeOf, messageOf } from '../../errors/thrown.ts'
import { descriptorFault } from '../files/descriptor-fault.ts'
import { anotherInterface, howToBeAllowed, whoListens } from './address/address-hints.ts'
import { formatBindAddress } from './address/format-bind-address.ts'
import type { PlannedAddress } from './address/planned-address.ts'
import { type PortOwner, portOwner } from './port-owner.ts'

/** Why an address can't be bound, in words that help. */
export function bindFault(
  address: PlannedAddress,
  cause: unknown,
  platform: NodeJS.Platform = process.platform,
): Fault {
  const where = formatBindAddress(address)
  const code = codeOf(cause)
  const fault = (known: Omit<Fault, 'cause'>): Fault => ({ ...known, cause })
  if (address.kind === 'fd') return fault(descriptorFault(address.fd, reasonOf(cause)))
  switch (code) {
    // A link to a place that is taken: see `make-socket-file.ts`.
    case 'EEXIST':
    case 'EADDRINUSE':
      if (address.kind === 'unix' && !isSocket(address.path))
        return fault({
          code: 'LOCKSTEP_ERR_SOCKET_PATH',
          message: `The socket path ${address.path} is taken by something that is not a socket.`,
          hint: 'Remove it, or choose another path.',
        })
      return fault(inUse(address, platform))
    case 'EACCES':
    case 'EPERM':
      // libuv reports a missing folder of a socket as EACCES (uv_pipe_bind2).
      if (address.kind === 'unix' && !existsSync(dirname(address.path)))
        return fault(folderMissing(address.path))
      return fault({
        code: 'LOCKSTEP_ERR_ADDRESS_PRIVILEGED',
        message: `Permission to listen on ${where} is denied.`,
        hint: howToBeAllowed(address, platform),
      })
    case 'ENOENT':
    case 'ENOTDIR':
      return fault(folderMissing(address.kind === 'unix' ? address.path : where))
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return fault(notHere({ where, code, ip: addressOf(cause), platform }))
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOMEM':
    case 'ENOBUFS':
      return fault({
        code: 'LOCKSTEP_ERR_SYSTEM',
        message: `${where} cannot be bound: ${reasonOf(cause)}.`,
        hint: /^E[MN]FILE$/.test(code)
          ? 'Raise the limit of open files (`ulimit -n`).'
          : 'Memory has run out: free some, or raise the limit of this process or its container.',
      })
    default:
      return fault({
        code: 'LOCKSTEP_ERR_ADDRESS_UNAVAILABLE',
        message: `${where} cannot be bound: ${reasonOf(cause)}.`,
        hint: anotherInterface(platform),
      })
  }
}

function notHere({
  where,
  code,
  ip,
  platform,
}: {
  where: string
  code: string
  ip: string
  platform: NodeJS.Platform
}): Omit<Fault, 'cause'> {
  return {
    code: 'LOCKSTEP_ERR_ADDRESS_UNAVAILABLE',
    message: `${where} cannot be bound: this machine does not have the address ${ip} (${code}).`,
    hint:
      isIPv6(ip) && !hasIPv6()
        ? 'IPv6 is switched off here: no interface has an address of it. Use 127.0.0.1, or 0.0.0.0 for every IPv4 interface.'
        : anotherInterface(platform),
  }
}

/** Of a name, the one that was tried. */
function addressOf(cause: unknown): string {
  return String((cause as { address?: unknown }).address ?? '')
}

function hasIPv6(): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some(({ family }) => family === 'IPv6'))
}

function reasonOf(cause: unknown): string {
  return messageOf(cause)
}

function folderMissing(path: string): Omit<Fault, 'cause'> {
  return {
    code: 'LOCKSTEP_ERR_SOCKET_PATH',
    message: `The folder of the socket ${path} does not exist.`,
    hint: 'Create it, or choose another path.',
  }
}

function isSocket(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false
}

function inUse(
  address: Exclude<PlannedAddress, { kind: 'fd' }>,
  platform: NodeJS.Platform,
): Omit<Fault, 'cause'> {
  const owner = address.kind === 'tcp' ? portOwner(address.port) : null
  const by = owner ? ` by process ${owner.pid} (${owner.command})${relations[owner.relation]}` : ''
  const other =
    address.kind === 'tcp'
      ? 'choose another port (--port, or in --bind); 0 takes a free one'
      : `choose another ${address.kind === 'unix' ? 'path' : 'name'}`
  return {
    code: 'LOCKSTEP_ERR_ADDRESS_IN_USE',
    message: `${formatBindAddress(address)} is in use${by}.`,
    hint: `${owner ? hintsByOwner(owner) : `${whoListens(address, platform)} `}Stop it, or ${other}.`,
  }
}

const relations = {
  self: ', which is this process itself',
  child: ', which this process has started',
  other: '',
} as const

/** A process that is named needs no program that finds it. */
function hintsByOwner({ relation, command, pid, server }: PortOwner): string {
  if (relation !== 'other') return `${ownServers[relation]} `
  if (server !== null)
    return `That ${server === pid ? 'is' : 'belongs to'} a server of Lockstep: \`lockstep stop --pid ${server}\` stops it, and \`lockstep ps\` lists all. `
  if (/: worker \d+$/.test(command))
    return 'If that is a worker of Lockstep, another one takes its place: `lockstep ps` lists the server and `lockstep stop` stops it. '
  return /^(?:node|MainThread)\b|: primary\b/.test(command)
    ? 'If it is a server of Lockstep that takes commands, `lockstep ps` lists it and `lockstep stop` stops it. '
    : ''
}

/** What can listen there without being another program. */
const ownServers = {
  self: 'Another server in this process listens there: one of an earlier launch() that was not stopped, one of the app, or a socket that was handed over.',
  child: 'The app, or a program that it runs, opens this port by itself.',
} as const
