import type { Random } from './random.ts'

/** One valid message of each type that a worker sends, and some of an app. */
const examples: readonly object[] = [
  { type: 'beat', memory: { rssBytes: 5, heapBytes: 4 }, served: { connections: 1, requests: 2 } },
  { type: 'beat', memory: null, served: { connections: 0, requests: 0 } },
  { type: 'ready', app: '(req, res)', listen: null },
  {
    type: 'failed',
    faults: [
      {
        code: 'LOCKSTEP_ERR_APP_LOAD',
        message: 'it fails',
        hint: 'Fix it.',
        source: '--app',
        cause: { name: 'Error', message: 'no', stack: 'at x' },
      },
    ],
  },
  { type: 'accepted', number: 7 },
  { type: 'missed', number: 0 },
  { type: 'tls-prepared' },
  { type: 'tls-committed' },
  { type: 'tls-failed', faults: [{ code: 'LOCKSTEP_ERR_TLS_CONTEXT', message: 'm', hint: 'h' }] },
  { type: 'listener-failed', faults: [{ code: 'LOCKSTEP_ERR_APP_CRASH', message: 'm', hint: 'h' }] },
  { type: 'requests-served' },
  { type: 'listening', number: 3 },
  { type: 'listen-failed', number: 3, code: 'EADDRINUSE' },
  { type: 'watching-accepts', request: 1 },
  { type: 'accepted-of', request: 1, indexes: [0, 2] },
  { type: 'leaving', by: 'app' },
]

const appExamples: readonly unknown[] = [
  ...examples,
  'ready',
  null,
  5,
  true,
  [],
  { topic: 'flush', data: { a: [1, 2, { b: null }] } },
  { cmd: 'NODE_HANDLE_ACK' },
  { cmd: 'NODE_HANDLE', type: 'net.Native', msg: {} },
  { cmd: 'NODE_CLUSTER', act: 'online' },
  { cmd: 'NODE_SOCKET_NOTIFY_CLOSE', key: '__proto__' },
]

const oddValues: readonly string[] = [
  ...[
    'null',
    'true',
    '-1',
    '1.5',
    '1e999',
    '9007199254740993',
    '""',
    '"\\u0000"',
    '"\\ud800"',
    '[]',
    '{}',
    '[[[]]]',
  ],
  ...[
    '{"length":1}',
    '{"__proto__":{"x":1}}',
    '"__proto__"',
    '"constructor"',
    '"toString"',
    '"LOCKSTEP_ERR_INTERNAL"',
  ],
]

/** A line from a worker: valid, changed in some place, or not a message at all. */
export function oddLine(random: Random, { ofApp }: { ofApp: boolean }): Buffer {
  const json = JSON.stringify(random.pick<unknown>(ofApp ? appExamples : examples))
  switch (random.below(12)) {
    case 0:
      return Buffer.from(cut(random, json))
    case 1:
      return flipBytes(random, Buffer.from(json))
    case 2:
      return Buffer.from(
        json.replaceAll(/null|\d+|"[^"]*"(?!:)/g, (value) =>
          random.chance(0.3) ? random.pick(oddValues) : value,
        ),
      )
    case 3:
      return Buffer.from(
        json.replaceAll(/"[^"]*":/g, (name) =>
          random.chance(0.2) ? `${random.pick(oddValues.filter((value) => value.startsWith('"')))}:` : name,
        ),
      )
    case 4:
      return Buffer.from(random.pick(oddValues))
    case 5:
      return Buffer.from(Array.from({ length: random.below(40) }, () => random.below(256)))
    case 6:
      return Buffer.from(nest(json, random.pick([1, 5, 199, 200, 3_000])))
    case 7:
      return Buffer.from(
        random.chance(0.02)
          ? JSON.stringify('x'.repeat(random.pick([300, 70_000, 1_048_574, 1_048_575])))
          : json,
      )
    default:
      return Buffer.from(json)
  }
}

function cut(random: Random, text: string): string {
  const from = random.below(text.length)
  return text.slice(0, from) + text.slice(from + random.below(5))
}

function flipBytes(random: Random, bytes: Buffer): Buffer {
  for (let count = 0; count <= random.below(3); count += 1)
    bytes[random.below(bytes.length)] = random.below(256)
  return bytes
}

function nest(json: string, levels: number): string {
  return `${'['.repeat(levels)}${json}${']'.repeat(levels)}`
}
