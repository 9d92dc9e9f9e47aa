// Responses are read the same, wherever the network cuts them.
import { describe, expect, it } from 'vitest'
import { ResponseReader } from '../../src/front/parser/response-reader.ts'

interface Read {
  readonly heads: { readonly status: number; readonly fields: readonly string[] }[]
  readonly body: string
  readonly trailers: readonly string[] | null
  /** How many bytes belong to the response. */
  readonly taken: number
  readonly error: string | null
}

function read(parts: readonly string[], asked = { isHead: false, isUpgrade: false }): Read {
  const reader = new ResponseReader()
  const heads: { status: number; fields: readonly string[] }[] = []
  let body = ''
  let trailers: readonly string[] | null = null
  const addHead = ({ status, fields }: { status: number; fields: readonly string[] }): void =>
    void heads.push({ status, fields })
  const addBody = (bytes: string | Buffer): void => {
    body += typeof bytes === 'string' ? bytes : bytes.toString('latin1')
  }
  reader.begin(
    {
      onInformation: addHead,
      onHead: addHead,
      onBody: addBody,
      onEnd(fields) {
        trailers = fields
      },
      onSwitched: addHead,
      onSwitchedBytes: addBody,
    },
    asked,
  )
  let taken = 0
  let error: string | null = null
  // One buffer for all, as a connection has it: what is kept of it would change.
  const buffer = Buffer.alloc(65_536)
  try {
    for (const part of parts) {
      const size = buffer.write(part, 'latin1')
      taken += reader.take(buffer, size)
      buffer.fill('#')
    }
  } catch (thrown) {
    error = (thrown as Error).message
  }
  return { heads, body, trailers, taken, error }
}

const answers = {
  'with a length': 'HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-One: a\r\n\r\nhello world',
  'in chunks':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 11\r\nX-Two: b\r\n\r\n',
  'in chunks without trailers':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n00b\r\nhello world\r\n000\r\n\r\n',
  'without a body': 'HTTP/1.1 204 No Content\r\n\r\n',
  'after interim ones':
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
  'that is broken': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n\r\n',
}

describe.each(Object.entries(answers))('a response %s', (_, text) => {
  const next = 'HTTP/1.1 500 The next one\r\n\r\n'
  const whole = read([text + next])

  it('is read to its end, and no further', () => {
    if (whole.error === null) expect(whole.taken).toBe(text.length)
    else expect(whole.error).toMatch(/chunked coding/)
  })

  it('is read the same in two parts', () => {
    for (let cut = 1; cut < text.length; cut += 1) {
      const parts = read([text.slice(0, cut), text.slice(cut) + next])
      expect(withoutTaken(parts)).toEqual(withoutTaken(whole))
    }
  })

  it('is read the same byte by byte', () => {
    expect(withoutTaken(read([...text]))).toEqual(withoutTaken(whole))
  })
})

function withoutTaken({ taken: _, ...rest }: Read): Omit<Read, 'taken'> {
  return rest
}

describe('a long response', () => {
  it('is passed on whole', () => {
    const body = 'abcdefghij'.repeat(30_000)
    const text = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    const parts = text.match(/[\s\S]{1,65000}/g) ?? []
    expect(read(parts).body).toBe(body)
  })

  it('may have a head that is longer than what is read at once', () => {
    const value = 'v'.repeat(60_000)
    expect(
      read([
        `HTTP/1.1 200 OK\r\nX: ${value.slice(0, 50_000)}`,
        `${value.slice(50_000)}\r\nContent-Length: 1\r\n\r\nx`,
      ]),
    ).toMatchObject({ body: 'x', error: null })
  })
})

describe('random bytes', () => {
  it('never make the reader throw anything but its own refusal', () => {
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((seed / 2_147_483_648) * below)
    }
    const texts = Object.values(answers)
    const alphabet = '\r\n :;,0159afxX\0\t\x7f\xff'
    for (let round = 0; round < 20_000; round += 1) {
      let text = texts[random(texts.length)] as string
      for (let change = random(4); change >= 0; change -= 1) {
        const at = random(text.length)
        const inserted = alphabet[random(alphabet.length)] as string
        text = text.slice(0, at) + inserted + text.slice(at + random(2))
      }
      const whole = read([text])
      const cut = 1 + random(text.length - 1)
      const inTwo = read([text.slice(0, cut), text.slice(cut)])
      // Where a fault comes late, the parts before it may differ in how far they were passed on, and nothing else.
      expect({ text, error: inTwo.error !== null }).toEqual({ text, error: whole.error !== null })
      if (whole.error === null) expect(withoutTaken(inTwo)).toEqual(withoutTaken(whole))
    }
  })
})
