import { describe, expect, it, vi } from 'vitest'
import { boundFaults } from '../../src/backends/cluster/wire/bound-faults.ts'
import { BoundedLines } from '../../src/backends/cluster/wire/bounded-lines.ts'
import { decodeFrames, encodeFrame } from '../../src/backends/cluster/wire/frames.ts'
import { readAnswer } from '../../src/backends/cluster/wire/guard-line.ts'
import { InOrder } from '../../src/backends/cluster/wire/in-order.ts'
import { longestLine, parseFromWorker } from '../../src/backends/cluster/wire/parse-from-worker.ts'
import { printable } from '../../src/backends/cluster/wire/printable.ts'
import { ReadingBudget } from '../../src/backends/cluster/wire/reading-budget.ts'

describe('BoundedLines', () => {
  const read = (pieces: readonly string[], longest = 8): string[] => {
    const lines = new BoundedLines({ longest })
    return pieces.flatMap((piece) => lines.push(Buffer.from(piece)))
  }

  it('joins the pieces of a line wherever they are cut', () => {
    expect(read(['ab', 'c\nd', '\n\ne'])).toEqual(['abc', 'd', ''])
    expect(read([...'12345678\n1\n'])).toEqual(['12345678', '1'])
    // The bytes of one character in two pieces.
    const lines = new BoundedLines({ longest: 8 })
    const bytes = Buffer.from('é\n')
    expect([...lines.push(bytes.subarray(0, 1)), ...lines.push(bytes.subarray(1))]).toEqual(['é'])
  })

  it('drops a line that is too long, whether or not its end arrives', () => {
    expect(() => read(['12345678', '9'])).toThrow(RangeError)
    expect(() => read(['123456789\n'])).toThrow(RangeError)
    expect(() => read(['1234', '56789\n'])).toThrow(RangeError)
  })
})

describe('frames', () => {
  it('are decoded unchanged wherever the pieces are cut', () => {
    const values = [{ at: new Date(5), bytes: Buffer.from('key') }, 'x'.repeat(300), null, [1, undefined]]
    const bytes = Buffer.concat(values.map(encodeFrame))
    for (const size of [1, 3, 5, 64, bytes.length]) {
      const seen: unknown[] = []
      const decode = decodeFrames((value) => seen.push(value))
      for (let from = 0; from < bytes.length; from += size) decode(bytes.subarray(from, from + size))
      expect(seen).toEqual(values)
    }
  })
})

describe('InOrder', () => {
  it('delivers messages in order of their numbers, and skips a missing one', () => {
    vi.useFakeTimers()
    const seen: string[] = []
    const inOrder = new InOrder<string>({
      onMessage: ({ message }) => seen.push(message),
      onLost: (number) => seen.push(`lost ${number}`),
    })
    const receive = (number: number): boolean =>
      inOrder.receive({ number, message: `message ${number}`, handle: null })
    receive(1)
    receive(0)
    receive(3)
    receive(4)
    expect(seen).toEqual(['message 0', 'message 1'])
    vi.advanceTimersByTime(1_000)
    expect(seen.slice(2)).toEqual(['lost 2', 'message 3', 'message 4'])
    expect(receive(2)).toBe(false)
    expect(seen).toHaveLength(5)
    vi.useRealTimers()
  })
})

describe('parseFromWorker', () => {
  it('returns only the fields that belong to a message', () => {
    expect(parseFromWorker('{"type":"accepted","number":3,"constructor":1,"extra":{}}')).toEqual({
      type: 'accepted',
      number: 3,
    })
    expect(
      parseFromWorker(
        '{"type":"beat","memory":null,"served":{"connections":1,"requests":2,"lostLines":3,"refusedClients":4,"refusedConnections":5}}',
      ),
    ).toEqual({
      type: 'beat',
      memory: null,
      served: { connections: 1, requests: 2, lostLines: 3, refusedClients: 4, refusedConnections: 5 },
    })
  })

  it.each([
    '',
    'null',
    '[]',
    '"ready"',
    '{}',
    '{"type":"toString"}',
    '{"type":"__proto__"}',
    '{"type":["ready"]}',
    '{"type":"ready"}',
    '{"type":"accepted","number":1.5}',
    '{"type":"accepted","number":-1}',
    '{"type":"accepted","number":1e400}',
    '{"type":"failed","faults":[]}',
    '{"type":"failed","faults":{"length":1}}',
    '{"type":"failed","faults":[{"code":"LOCKSTEP_ERR_INTERNAL","message":1,"hint":""}]}',
    '{"type":"failed","faults":[{"code":"LOCKSTEP_ERR_INTERNAL","message":"","hint":"","cause":null}]}',
  ])('refuses %s', (line) => {
    expect(() => parseFromWorker(line)).toThrow(Error)
  })

  it('shortens texts and removes terminal control sequences', () => {
    const app = `${'x'.repeat(300)}`
    expect(parseFromWorker(JSON.stringify({ type: 'ready', app, listen: null }))).toEqual({
      type: 'ready',
      listen: null,
      app: `${'x'.repeat(200)}…`,
    })
    expect(printable('\u001b]0;title\u0007 \u001b[31mred\u001b[0m\n\tnext\u202e')).toBe(
      '\\u001b]0;title\\u0007 red\n\tnext\\u202e',
    )
  })
})

it('passes on a fault with a code and a kind of another author', () => {
  const fault = { code: 'X_NO_LICENCE', kind: 'app', message: 'm', hint: 'h' } as const
  expect(parseFromWorker(JSON.stringify({ type: 'failed', faults: boundFaults([fault]) }))).toEqual({
    type: 'failed',
    faults: [fault],
  })
  const odd = { ...fault, kind: 'odd' }
  expect(() => parseFromWorker(JSON.stringify({ type: 'failed', faults: [odd] }))).toThrow('kind of fault')
})

it('sends faults of any size within the limit of a line', () => {
  const cause = { name: 'Error', message: '\u0000'.repeat(1e6), stack: '\u0000'.repeat(1e6) }
  const fault = { code: 'LOCKSTEP_ERR_APP_LOAD', message: 'x'.repeat(1e6), hint: 'y', cause } as const
  const faults = boundFaults(Array.from({ length: 100 }, () => fault))
  const line = JSON.stringify({ type: 'failed', faults })
  expect(line.length).toBeLessThan(longestLine)
  expect(parseFromWorker(line)).toMatchObject({ type: 'failed', faults: [{ code: 'LOCKSTEP_ERR_APP_LOAD' }] })
})

describe('the answer of a guard', () => {
  it('is validated', () => {
    for (const text of [
      '',
      'null',
      '5',
      '{}',
      '{"frames":5}',
      '{"question":1,"frames":[1]}',
      '{"question":"1","frames":null}',
    ])
      expect(readAnswer(text), text).toBeNull()
    expect(readAnswer('{"question":1,"frames":null}')).toEqual({ question: 1, frames: null })
    const frames = Array.from({ length: 1_000 }, () => `\u001b${'x'.repeat(5_000)}`)
    const answer = readAnswer(JSON.stringify({ question: 1, frames }))
    expect(answer?.frames).toHaveLength(50)
    expect(answer?.frames?.[0]).toMatch(/^\\u001bx{999}$/)
  })
})

it('pauses reading from a worker that writes too much, and resumes later', async () => {
  const [pause, resume] = [vi.fn<() => void>(), vi.fn<() => void>()]
  const budget = new ReadingBudget({ pause, resume })
  budget.spend({ bytes: 1_000, lines: 10 })
  expect(pause).not.toHaveBeenCalled()
  budget.spend({ bytes: 17 * 1_024 * 1_024, lines: 0 })
  expect(pause).toHaveBeenCalledOnce()
  await vi.waitUntil(() => resume.mock.calls.length === 1)
  // The output of an ended process is read completely.
  budget.spend({ bytes: 17 * 1_024 * 1_024, lines: 0 })
  budget.stop()
  expect(resume).toHaveBeenCalledTimes(2)
})
