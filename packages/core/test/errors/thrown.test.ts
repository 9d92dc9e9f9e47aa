import { runInNewContext } from 'node:vm'
import { LaunchError } from '@lockstep/core'
import { codeOf, isErrorLike, messageOf, stackOf } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'

describe('text read from a thrown value', () => {
  it.each([
    ['an error of another realm', runInNewContext("Object.assign(new Error('gone'), { code: 'ENOENT' })")],
    ['an error of this realm', Object.assign(new Error('gone'), { code: 'ENOENT' })],
    ['an object that looks like one', { name: 'Error', code: 'ENOENT', message: 'gone' }],
  ])('consists of its code and its message: %s', (_what, thrown) => {
    expect([codeOf(thrown), messageOf(thrown), isErrorLike(thrown)]).toEqual(['ENOENT', 'gone', true])
    expect(stackOf(thrown)).toMatch(/gone/)
  })

  it.each([
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a text', 'gone', 'gone'],
    ['a symbol', Symbol('gone'), 'Symbol(gone)'],
    ['an object without a prototype', Object.create(null), '[Object: null prototype] {}'],
    ['a code that is not text', { code: 3 }, '{ code: 3 }'],
  ])('is always text: %s', (_what, thrown, text) => {
    expect([codeOf(thrown), messageOf(thrown), stackOf(thrown), isErrorLike(thrown)]).toEqual([
      '',
      text,
      text,
      false,
    ])
  })

  it('is text even when reading the value throws', () => {
    const hostile = {
      get message(): string {
        throw new Error('no')
      },
    }
    expect(messageOf(hostile)).toMatch(/message/)
  })
})

describe('LaunchError', () => {
  it('is recognised by instanceof when another copy of the package created it', () => {
    const fault = { code: 'LOCKSTEP_ERR_STOPPED', message: 'stopped', hint: 'again' } as const
    const foreign = { [Symbol.for('lockstep.launch-error')]: true, code: fault.code }
    class Own extends LaunchError {}
    expect(
      [new LaunchError(fault), new Own(fault), foreign, fault, null].map((one) => one instanceof LaunchError),
    ).toEqual([true, true, true, false, false])
    expect([new LaunchError(fault), new Own(fault)].map((one) => one instanceof Own)).toEqual([false, true])
  })
})
