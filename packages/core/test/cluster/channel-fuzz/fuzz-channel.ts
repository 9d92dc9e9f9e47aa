import { EventEmitter } from 'node:events'
import { Duplex } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { isDeeper } from '../../../src/app/message-limits.ts'
import { WorkerChannel } from '../../../src/backends/cluster/primary/worker-channel.ts'
import { decodeFrames, encodeFrame } from '../../../src/backends/cluster/wire/frames.ts'
import { InOrder } from '../../../src/backends/cluster/wire/in-order.ts'
import type { FromWorker } from '../../../src/backends/cluster/wire/messages.ts'
import { oddLine } from './odd-lines.ts'
import { type Random, randomFrom } from './random.ts'

interface Options {
  readonly seed: number
  /** Number of messages, half of them in each direction. */
  readonly count: number
}

/** Returns one line for each finding. A run with the same seed repeats the same steps. */
export function fuzzChannel({ seed, count }: Options): { found: string[]; summary: string } {
  const random = randomFrom(seed)
  const found: string[] = []
  const counts = { fromWorker: 0, delivered: 0, faults: 0, toWorker: 0 }
  while (counts.fromWorker < count / 2) fromWorker(random, { found, counts })
  while (counts.toWorker < count / 2) toWorker(random, { found, counts })
  return { found, summary: JSON.stringify(counts) }
}

interface Tally {
  readonly found: string[]
  readonly counts: { fromWorker: number; delivered: number; faults: number; toWorker: number }
}

/** Feeds a new channel of the primary with what a worker may write. Nothing may throw, and each delivered message must have its declared shape. */
function fromWorker(random: Random, { found, counts }: Tally): void {
  const { channel, control, child, sendByChannel } = fakeWorker()
  let isBroken = false
  const unexpected = (what: string, value: unknown): void => {
    found.push(`${what}: ${JSON.stringify(value)?.slice(0, 300)}`)
  }
  const worker = channel({
    onMessage: (message) => {
      counts.delivered += 1
      if (isBroken) unexpected('a message after the fault', message)
      if (!hasShape(message)) unexpected('a message without its shape', message)
    },
    onAppMessage: (message) => {
      counts.delivered += 1
      if (isBroken) unexpected('a message of the app after the fault', message)
      if (isDeeper(message, 200)) unexpected('a deep message', null)
    },
    onFault: () => {
      counts.faults += 1
      if (isBroken) unexpected('a second fault', null)
      isBroken = true
    },
  })
  // Lines after a fault are parsed too, but prove little.
  for (let left = 30; left > 0 && (!isBroken || random.chance(0.3)); left -= 1) {
    counts.fromWorker += 1
    const ofApp = random.chance(0.5)
    const bytes = Buffer.concat([oddLine(random, { ofApp }), Buffer.from(random.chance(0.97) ? '\n' : '')])
    for (const piece of inPieces(random, bytes)) {
      try {
        if (ofApp) sendByChannel(piece, random.chance(0.01))
        else control.emit('data', piece)
      } catch (error) {
        unexpected('thrown', String((error as Error).stack))
      }
    }
  }
  try {
    child.emit('exit', 0, null)
    worker.breakOff('too late')
  } catch (error) {
    unexpected('thrown at the end', String((error as Error).stack))
  }
}

/** What the primary sends must arrive unchanged and in order, whichever of the two ways is faster. */
function toWorker(random: Random, { found, counts }: Tally): void {
  const messages = Array.from({ length: 1 + random.below(40) }, (_, number) => ({
    number,
    message: oddMessage(random, 3),
    handle: random.chance(0.4) ? {} : null,
  }))
  counts.toWorker += messages.length
  const seen: unknown[] = []
  const inOrder = new InOrder<unknown>({
    onMessage: (arrival) => seen.push(arrival),
    onLost: (number) => found.push(`number ${number} was passed over`),
  })
  const decode = decodeFrames((frame) =>
    inOrder.receive({ ...(frame as { number: number; message: unknown }), handle: null }),
  )
  const pieces = [
    ...inPieces(
      random,
      Buffer.concat(
        messages
          .filter(({ handle }) => !handle)
          .map(({ number, message }) => encodeFrame({ number, message })),
      ),
    ),
  ]
  const withHandle = messages.filter(({ handle }) => handle)
  while (pieces.length > 0 || withHandle.length > 0) {
    const piece = random.chance(0.5) || withHandle.length === 0 ? pieces.shift() : undefined
    if (piece) decode(piece)
    else {
      const arrival = withHandle.shift()
      if (arrival) inOrder.receive(arrival)
    }
  }
  if (!isDeepStrictEqual(seen, messages))
    found.push(`out of order, or changed: ${JSON.stringify(messages).slice(0, 300)}`)
}

function oddMessage(random: Random, levels: number): unknown {
  switch (random.below(levels > 0 ? 9 : 7)) {
    case 0:
      return null
    case 1:
      return random.below(2 ** 31) - 2 ** 30
    case 2:
      return 'é\u0000\n'.repeat(random.below(20))
    case 3:
      return new Date(random.below(2 ** 31))
    case 4:
      return Buffer.alloc(random.below(300), random.below(256))
    case 5:
      return undefined
    case 6:
      return random.chance(0.5)
    case 7:
      return Array.from({ length: random.below(4) }, () => oddMessage(random, levels - 1))
    default:
      return Object.fromEntries(
        Array.from({ length: random.below(4) }, (_, index) => [
          `name${index}`,
          oddMessage(random, levels - 1),
        ]),
      )
  }
}

function* inPieces(random: Random, bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; ) {
    const size = random.chance(0.5) ? bytes.length : 1 + random.below(60)
    yield bytes.subarray(from, from + size)
    from += size
  }
}

/** The private parts of a child process that the channel uses, without a real process. */
function fakeWorker() {
  const handle = {
    onread: () => undefined,
    pendingHandle: null as { close(): void } | null,
    readStart: () => undefined,
    readStop: () => undefined,
  }
  const child = Object.assign(new EventEmitter(), {
    connected: true,
    _handleQueue: null,
    send: () => true,
    [Symbol('kChannelHandle')]: handle,
  })
  const control = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() })
  type Given = ConstructorParameters<typeof WorkerChannel>[0]
  return {
    child,
    control,
    sendByChannel(bytes: Buffer, withHandle: boolean) {
      if (withHandle) handle.pendingHandle = { close: () => undefined }
      const own = new ArrayBuffer(bytes.length)
      bytes.copy(Buffer.from(own))
      ;(handle.onread as (this: object, bytes: ArrayBuffer) => void).call(handle, own)
    },
    channel: (listeners: Pick<Given, 'onMessage' | 'onAppMessage' | 'onFault'>) =>
      new WorkerChannel({ ...listeners, child, control, onUnsent: () => undefined } as unknown as Given),
  }
}

/** The rules of the parser, written a second time in a different way. */
function hasShape(message: FromWorker): boolean {
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
  switch (message.type) {
    case 'beat':
      return (
        isCount(message.served.connections) &&
        isCount(message.served.requests) &&
        (message.memory === null ||
          ((message.memory.rssBytes === null || isCount(message.memory.rssBytes)) &&
            isCount(message.memory.heapBytes)))
      )
    case 'ready':
      return typeof message.app === 'string' && message.app.length < 2_000
    case 'failed':
    case 'tls-failed':
    case 'listener-failed':
      return (
        message.faults.length > 0 &&
        message.faults.every(({ code, message: text, hint }) =>
          [code, text, hint].every((value) => typeof value === 'string'),
        )
      )
    case 'accepted':
    case 'missed':
    case 'listening':
      return isCount(message.number)
    case 'watching-accepts':
      return isCount(message.request)
    case 'accepted-of':
      return isCount(message.request) && message.indexes.every(isCount)
    case 'listen-failed':
      return isCount(message.number) && typeof message.code === 'string'
    case 'leaving':
      return message.by === 'signal' || message.by === 'app'
    default:
      return Object.keys(message).length === 1
  }
}
