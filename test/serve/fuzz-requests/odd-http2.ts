import type { Random } from '../../../packages/core/test/cluster/channel-fuzz/random.ts'

export const preface = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, 0)])

/** RFC 9113 section 4.1. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** RFC 7541 section 6.2.3: a field that is never indexed, its strings without Huffman coding and below 127 bytes. */
export function field(name: string, value: string): Buffer {
  const [first, second] = [Buffer.from(name, 'latin1'), Buffer.from(value, 'latin1')]
  return Buffer.concat([Buffer.from([0x10, first.length]), first, Buffer.from([second.length]), second])
}

const methods = ['GET', 'GET', 'POST', 'POST', 'HEAD', 'OPTIONS', 'CONNECT', 'get']
const extra = [
  ['content-length', '5'],
  ['content-length', '0'],
  ['transfer-encoding', 'chunked'],
  ['connection', 'close'],
  ['te', 'trailers'],
  ['expect', '100-continue'],
  ['expect', 'nonsense'],
  ['cookie', 'a=1'],
  ['cookie', 'b=2'],
  ['host', 'a'],
  ['host', 'b'],
  ['Upper', 'case'],
  ['x', 'a\r\nb'],
  ['x', '\xff'],
  ['', 'empty'],
  [':late', 'pseudo'],
  ['__proto__', 'x'],
] as const

/** The frames of roughly one request, and perhaps some that end it early or damage the connection. */
export function oddHttp2(random: Random, stream: number): Buffer {
  if (random.chance(0.6)) return frame(1, 5, stream, plainBlock(random))
  const method = random.pick(methods)
  const block = Buffer.concat([
    field(':method', method),
    ...(method === 'CONNECT' ? [] : [field(':path', `/${random.below(10_000)}`), field(':scheme', 'https')]),
    ...(random.chance(0.95) ? [field(':authority', random.pick(['a', 'a', 'a', 'a,b', 'a b']))] : []),
    ...Array.from({ length: random.below(3) }, () =>
      field(...(random.pick(extra) as readonly [string, string])),
    ),
  ])
  const hasBody = method === 'POST' || random.chance(0.05)
  const frames = [frame(1, hasBody ? 4 : 5, stream, block)]
  if (hasBody) {
    if (random.chance(0.8)) frames.push(frame(0, random.chance(0.8) ? 1 : 0, stream, Buffer.from('hello')))
    if (random.chance(0.1)) frames.push(frame(1, 5, stream, field('x-t', '1')))
  }
  const code = Buffer.alloc(4)
  code[3] = random.below(14)
  if (random.chance(0.15)) frames.push(frame(3, 0, stream, code))
  if (random.chance(0.05))
    frames.push(frame(8, 0, stream, random.pick([Buffer.alloc(4), Buffer.from([0x7f, 255, 255, 255])])))
  if (random.chance(0.05)) frames.push(frame(6, 0, 0, Buffer.alloc(8)))
  if (random.chance(0.02)) frames.push(frame(4, 0, 0, Buffer.from([0, 4, 0, 0, 0, random.below(2) * 255])))
  if (random.chance(0.01))
    frames.push(frame(random.below(256), random.below(256), random.below(4), Buffer.alloc(random.below(20))))
  return Buffer.concat(frames)
}

/** A valid request, for which only the app misbehaves. */
function plainBlock(random: Random): Buffer {
  return Buffer.concat([
    field(':method', 'GET'),
    field(':path', `/${random.below(10_000)}`),
    field(':scheme', 'https'),
    field(':authority', 'a'),
  ])
}
