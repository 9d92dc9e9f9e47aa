import type { Random } from '../../../packages/core/test/cluster/channel-fuzz/random.ts'

const methods = [
  'GET',
  'GET',
  'GET',
  'POST',
  'POST',
  'HEAD',
  'OPTIONS',
  'PUT',
  'DELETE',
  'CONNECT',
  'PRI',
  'get',
  'FOO',
  '',
]
const versions = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/2.0',
  'HTTP/0.9',
  'HTTP/1.2',
  'HTTP/x',
  '',
]
const ends = ['\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r']
const fields = [
  'Connection: close',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Upgrade: h2c',
  'HTTP2-Settings: AAMAAABkAAQAAP__',
  'Expect: 100-continue',
  'Expect: nonsense',
  'Content-Length: 5',
  'Content-Length: 5, 5',
  'Content-Length: -1',
  'Content-Length: 18446744073709551621',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding: identity',
  'Trailer: X-T',
  'Cookie: a=1',
  ' folded',
  ': empty',
  'X: a\0b',
  'X: \xff\x80',
  'Host: b',
]
const hosts = ['Host: a', 'Host: a', 'Host: a', 'Host: a', 'Host: a b', 'Host: a/b', 'Host:', '']
const bodies = [
  '',
  '',
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  '5;a=b\r\nhello\r\n0\r\nX-T: 1\r\n\r\n',
  'zz\r\n',
  '0\r\n\r\n',
  '\r\n\r\n',
]

/** The bytes of roughly one request. The number in its target decides how the app misbehaves. */
export function oddHttp1(random: Random): Buffer {
  const number = random.below(10_000)
  // A valid request, for which only the app misbehaves.
  if (random.chance(0.6)) return Buffer.from(`GET /${number} HTTP/1.1\r\nHost: a\r\n\r\n`)
  const target = random.pick([
    `/${number}`,
    `/${number}`,
    `/${number}`,
    `http://b/${number}`,
    '*',
    `b:${number}`,
    `/${number}?\x7f\xff`,
    '',
  ])
  const sent = Array.from({ length: random.below(4) }, () => random.pick(fields))
  const end = random.pick(ends)
  const head = [`${random.pick(methods)} ${target} ${random.pick(versions)}`, random.pick(hosts), ...sent]
  const text = `${head.filter((line) => line !== '').join(end)}${end}${end}${random.pick(bodies)}`
  const bytes = Buffer.from(text, 'latin1')
  if (random.chance(0.05) && bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256)
  return random.chance(0.05) ? bytes.subarray(0, random.below(bytes.length)) : bytes
}
