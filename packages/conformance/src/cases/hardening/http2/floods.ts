import {
  fieldBlock,
  flags,
  frame,
  frameTypes,
  integer,
  type RawFields,
  text,
} from '../../../clients/http/http2-frames.ts'
import { head } from './odd-stream.ts'

/** Frames that a client sends again and again. */
export interface Flood {
  readonly name: string
  /** The frames of one turn, the first of which has number 0. */
  readonly turn: (index: number) => Buffer
  readonly turns: number
  /** The client reads nothing. */
  readonly unread?: true
}

const stream = (index: number): number => 2 * index + 1

const open = (
  index: number,
  { ends = false, more = [] }: { ends?: boolean; more?: RawFields } = {},
): Buffer =>
  frame({
    type: frameTypes.headers,
    flags: flags.endHeaders | (ends ? flags.endStream : 0),
    stream: stream(index),
    // Its answer takes a while, so that there is something to reset.
    payload: fieldBlock(head({ method: 'POST', path: '/slow?ms=2000' }, more)),
  })

const on = (index: number, type: number, payload: Buffer): Buffer =>
  frame({ type, stream: stream(index), payload })

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A stream each turn, which the client makes the server reset while the app works on it: CVE-2025-8671. */
export const resetFloods: readonly Flood[] = (
  [
    [
      'a window that grows by nothing',
      (index) => [open(index), on(index, frameTypes.windowUpdate, number(0))],
    ],
    [
      'a window that grows too large',
      (index) => [open(index), on(index, frameTypes.windowUpdate, number(0x7fffffff))],
    ],
    [
      'data after the end',
      (index) => [open(index, { ends: true }), on(index, frameTypes.data, Buffer.from('x'))],
    ],
    ['a head after the end', (index) => [open(index, { ends: true }), open(index, { ends: true })]],
    [
      'a stream that depends on itself',
      (index) => [
        open(index),
        on(index, frameTypes.priority, Buffer.concat([number(stream(index)), Buffer.of(0)])),
      ],
    ],
    [
      'a priority of the wrong length',
      (index) => [open(index), on(index, frameTypes.priority, Buffer.alloc(4))],
    ],
    [
      'more data than its length',
      (index) => [
        open(index, { more: [['content-length', '0']] }),
        on(index, frameTypes.data, Buffer.from('x')),
      ],
    ],
    ['a malformed head', (index) => [open(index, { ends: true, more: [['connection', 'close']] })]],
  ] satisfies [string, (index: number) => Buffer[]][]
).map(([name, frames]) => ({ name, turns: 4_000, turn: (index) => Buffer.concat(frames(index)) }))

const setting = frame({ type: frameTypes.settings, payload: Buffer.from([0, 3, 0, 0, 0, 100]) })
const ping = frame({ type: frameTypes.ping, payload: Buffer.alloc(8) })

/** Frames that ask for nothing but work: CVE-2019-9511 to CVE-2019-9518. */
export const controlFloods: readonly Flood[] = [
  { name: 'settings', turns: 60_000, turn: () => setting },
  { name: 'settings whose acknowledgements are not read', turns: 100_000, turn: () => setting, unread: true },
  { name: 'PING', turns: 60_000, turn: () => ping },
  { name: 'PING whose answers are not read', turns: 100_000, turn: () => ping, unread: true },
  {
    name: 'priorities',
    turns: 60_000,
    turn: () => frame({ type: frameTypes.priority, stream: 1, payload: Buffer.alloc(5) }),
  },
  {
    name: 'empty data',
    turns: 60_000,
    turn: (index) => (index === 0 ? open(0) : frame({ type: frameTypes.data, stream: 1 })),
  },
  { name: 'unknown frames', turns: 60_000, turn: () => frame({ type: 0xbb, payload: Buffer.alloc(8) }) },
]

const heads = (index: number, fields: readonly Buffer[], more = 0): Buffer =>
  frame({
    type: frameTypes.headers,
    flags: more | flags.endStream,
    stream: stream(index),
    payload: Buffer.concat([fieldBlock(head({})), ...fields]),
  })

/** One field of 3,900 bytes, then 4,000 references to it, one byte each: 15 MB of fields a stream (RFC 7541 section 7.3). */
export const referenceFlood: Flood = {
  name: 'references to a large field',
  turns: 200,
  turn: (index) =>
    heads(
      index,
      [
        Buffer.from([0x40]),
        text('x-large'),
        text('x'.repeat(3_900)),
        Buffer.alloc(4_000, integer(62, { bits: 7, first: 0x80 })),
      ],
      flags.endHeaders,
    ),
}
