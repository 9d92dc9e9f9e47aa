import { describe, expect, it } from 'vitest'
import { asLaunchError } from '../../src/errors/as-launch-error.ts'
import { bindFault } from '../../src/platform/net/bind-fault.ts'
import { differencesOf } from '../../src/verify/difference.ts'

const refusedCall = (code: string, syscall = 'open'): Error =>
  Object.assign(new Error(`${code}: no luck, ${syscall}`), { code, syscall })

describe('asLaunchError', () => {
  it.each([
    'EACCES',
    'EPERM',
    'EROFS',
    'ENOSPC',
    'EDQUOT',
    'EIO',
    'ELOOP',
    'ENAMETOOLONG',
    'ENOTDIR',
    'EMFILE',
    'ENFILE',
    'EAGAIN',
    'ENOMEM',
  ])('does not report %s of the system as a bug of the launcher, and names a cure', (code) => {
    const { faults } = asLaunchError(refusedCall(code))
    expect(faults).toMatchObject([{ code: 'LOCKSTEP_ERR_SYSTEM', message: expect.stringContaining(code) }])
    expect(faults[0]?.hint).toMatch(/^[A-Z].*[^.]{10}\./)
  })

  it('asks the user to report an unexpected error', () => {
    for (const error of [new TypeError('x is not a function'), refusedCall('EBADF', 'close'), 'a text'])
      expect(asLaunchError(error).code).toBe('LOCKSTEP_ERR_INTERNAL')
    expect(asLaunchError(Object.assign(new Error('no system'), { code: 'EACCES' })).code).toBe(
      'LOCKSTEP_ERR_INTERNAL',
    )
  })
})

it('a probe without a descriptor reports that it has measured nothing', () => {
  const check = {
    name: 'scheme',
    passed: false,
    expected: 'plain HTTP',
    observed: 'connect EMFILE 127.0.0.1:80',
  }
  const [fault] = differencesOf(
    { connectedTo: '127.0.0.1:80', checks: [check] } as unknown as Parameters<typeof differencesOf>[0],
    { consequence: 'The server was stopped.' },
  )
  expect(fault).toMatchObject({ code: 'LOCKSTEP_ERR_SYSTEM', hint: expect.stringContaining('ulimit -n') })
})

it('an address that cannot be bound for lack of descriptors is not reported as a wrong address', () => {
  const address = { kind: 'tcp', host: '127.0.0.1', port: 0 } as Parameters<typeof bindFault>[0]
  expect(bindFault(address, refusedCall('EMFILE', 'bind'))).toMatchObject({
    code: 'LOCKSTEP_ERR_SYSTEM',
    hint: expect.stringContaining('ulimit -n'),
  })
})
