import { type AskedAddress, type AskedListen, listenFlags } from '../../../app/listen/asked-listen.ts'
import { isErrorCode } from '../../../errors/error-catalog.ts'
import { type FaultKind, faultKinds } from '../../../errors/exit-codes.ts'
import type { SerialisedFault } from '../../../errors/serialise-error.ts'
import type { MemorySample } from '../policy/recycle-policy.ts'
import type { FromWorker } from './messages.ts'
import { printable } from './printable.ts'

/** No line of a worker is longer. Its largest message is a list of faults, each with a stack. */
export const longestLine = 1_024 * 1_024

const longestName = 200
const longestText = 32_768
const mostFaults = 20

/** Reads a line of a worker as that of a stranger: what is returned has no other fields and no other types. Throws an `Error` that says what is wrong. */
export function parseFromWorker(line: string): FromWorker {
  const fields = record(parseJson(line))
  const { type } = fields
  if (typeof type !== 'string' || !Object.hasOwn(shapes, type))
    throw new Error('a message of an unknown type')
  return shapes[type as FromWorker['type']](fields)
}

type Fields = Readonly<Record<string, unknown>>
type Shapes = { readonly [Type in FromWorker['type']]: (fields: Fields) => FromWorker & { type: Type } }

const shapes: Shapes = {
  beat: ({ memory, served }) => {
    const { connections, requests, lostLines, refusedClients, refusedConnections } = record(served)
    return {
      type: 'beat',
      memory: memory === null ? null : readMemory(record(memory)),
      served: {
        connections: count(connections),
        requests: count(requests),
        lostLines: count(lostLines),
        refusedClients: count(refusedClients),
        refusedConnections: count(refusedConnections),
      },
    }
  },
  ready: ({ app, listen }) => ({
    type: 'ready',
    app: text(app, longestName),
    listen: listen === null ? null : readListen(record(listen)),
  }),
  'open-app-port': ({ request, listen }) => ({
    type: 'open-app-port',
    request: count(request),
    listen: readListen(record(listen)),
  }),
  failed: ({ faults }) => ({ type: 'failed', faults: readFaults(faults) }),
  'listener-failed': ({ faults }) => ({ type: 'listener-failed', faults: readFaults(faults) }),
  accepted: ({ number }) => ({ type: 'accepted', number: count(number) }),
  missed: ({ number }) => ({ type: 'missed', number: count(number) }),
  'tls-prepared': () => ({ type: 'tls-prepared' }),
  'tls-committed': () => ({ type: 'tls-committed' }),
  'tls-failed': ({ faults }) => ({ type: 'tls-failed', faults: readFaults(faults) }),
  'logs-reopened': ({ request, faults }) => ({
    type: 'logs-reopened',
    request: count(request),
    faults: Array.isArray(faults) && faults.length === 0 ? [] : readFaults(faults),
  }),
  'siblings-known': ({ request }) => ({ type: 'siblings-known', request: count(request) }),
  'client-refused': ({ reason, subject, issuer, serialNumber, fingerprint256, address, count: number }) => ({
    type: 'client-refused',
    reason: text(reason, longestName),
    subject: text(subject, longestText),
    issuer: text(issuer, longestText),
    serialNumber: text(serialNumber, longestName),
    fingerprint256: text(fingerprint256, longestName),
    address: address === null ? null : text(address, longestName),
    count: count(number),
  }),
  'requests-served': () => ({ type: 'requests-served' }),
  listening: ({ number }) => ({ type: 'listening', number: count(number) }),
  'listen-failed': ({ number, code }) => ({
    type: 'listen-failed',
    number: count(number),
    code: text(code, longestName),
  }),
  'watching-accepts': ({ request }) => ({ type: 'watching-accepts', request: count(request) }),
  'accepted-of': ({ request, indexes }) => ({
    type: 'accepted-of',
    request: count(request),
    indexes: counts(indexes),
  }),
  left: () => ({ type: 'left' }),
  leaving: ({ by }) => {
    if (by !== 'signal' && by !== 'app') throw new Error('an unknown reason to leave')
    return { type: 'leaving', by }
  },
}

/** A parse error may quote the line, which is not ours. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new Error('a line that is not JSON')
  }
}

function record(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('something else where an object belongs')
  return value as Fields
}

function count(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw new Error('something else where a count belongs')
  return value as number
}

function counts(value: unknown): readonly number[] {
  if (!Array.isArray(value)) throw new Error('something else where a list of counts belongs')
  return value.map(count)
}

function text(value: unknown, longest: number): string {
  if (typeof value !== 'string') throw new Error('something else where a text belongs')
  return printable(value.length > longest ? `${value.slice(0, longest)}…` : value)
}

function readMemory({ rssBytes, heapBytes }: Fields): MemorySample {
  return { rssBytes: rssBytes === null ? null : count(rssBytes), heapBytes: count(heapBytes) }
}

function readListen({ address, backlog, flags }: Fields): AskedListen {
  if (!Array.isArray(flags)) throw new Error('something else where a list of flags belongs')
  return {
    address: readAsked(record(address)),
    backlog: backlog === null ? null : count(backlog),
    flags: listenFlags.filter((flag) => flags.includes(flag)),
  }
}

function readAsked({ kind, host, port, path, fd }: Fields): AskedAddress {
  switch (kind) {
    case 'tcp':
      return { kind, host: host === null ? null : text(host, longestName), port: count(port) }
    case 'unix':
    case 'pipe':
      return { kind, path: text(path, longestText) }
    case 'fd':
      return { kind, fd: count(fd) }
    default:
      throw new Error('something else where an address belongs')
  }
}

function readFaults(value: unknown): readonly SerialisedFault[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > mostFaults)
    throw new Error('something else where a list of faults belongs')
  return value.map((fault) => readFault(record(fault)))
}

function readFault({ code, kind, message, hint, source, cause }: Fields): SerialisedFault {
  if (typeof code !== 'string' || !isErrorCode(code)) throw new Error('an unknown error code')
  return {
    code,
    ...(kind !== undefined && { kind: readKind(kind) }),
    message: text(message, longestText),
    hint: text(hint, longestText),
    ...(source !== undefined && { source: text(source, longestText) }),
    ...(cause !== undefined && { cause: readCause(record(cause)) }),
  }
}

function readKind(value: unknown): FaultKind {
  const kind = faultKinds.find((one) => one === value)
  if (kind === undefined) throw new Error('an unknown kind of fault')
  return kind
}

function readCause({ name, message, stack }: Fields): NonNullable<SerialisedFault['cause']> {
  return {
    name: text(name, longestName),
    message: text(message, longestText),
    ...(stack !== undefined && { stack: text(stack, longestText) }),
  }
}
