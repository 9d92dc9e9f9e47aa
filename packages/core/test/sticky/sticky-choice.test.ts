import { describe, expect, it } from 'vitest'
import { ownerOfAddress } from '../../src/sticky/owner-of-address.ts'
import { cookieValues, workerCookieName } from '../../src/sticky/worker-cookie.ts'

const name = 'lockstep_worker_12345678'

describe('the cookie of a worker', () => {
  it.each([
    ['', []],
    [`${name}=a`, ['a']],
    [`b=c; ${name}=a; d=e`, ['a']],
    [`b=c;${name}=a;d=e`, ['a']],
    [`${name}=a; ${name}=b`, ['a', 'b']],
    [`x${name}=a; ${name}x=b; other=${name}=c`, []],
    [`${name}`, []],
    [`${name}=`, ['']],
  ])('is found in %j', (field, values) => {
    expect(cookieValues(field, name)).toEqual(values)
  })

  it('has another name for each server of a host, and the same one after a restart', () => {
    const plan = (port: number) =>
      workerCookieName({
        name: null,
        app: { kind: 'memory', interface: 'auto' },
        addresses: [{ kind: 'tcp', host: '127.0.0.1', port }] as never,
      })
    expect(plan(3_000)).toBe(plan(3_000))
    expect(plan(3_000)).not.toBe(plan(4_000))
  })
})

describe('the owner of an address', () => {
  const addresses = Array.from({ length: 1_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`)
  const owners = [1, 2, 3, 4].map((worker) => ({ worker }))
  const ownersOf = (of: typeof owners) => addresses.map((address) => ownerOfAddress(address, of)?.worker)

  it('is each of them about as often', () => {
    for (const { worker } of owners) {
      const count = ownersOf(owners).filter((owner) => owner === worker).length
      expect(count).toBeGreaterThan(180)
      expect(count).toBeLessThan(320)
    }
  })

  it('stays when another one goes or comes, wherever they are in the list', () => {
    const before = ownersOf(owners)
    const after = ownersOf(owners.filter(({ worker }) => worker !== 2).reverse())
    for (const [index, owner] of before.entries()) if (owner !== 2) expect(after[index]).toBe(owner)
  })

  it('is none where there is none', () => {
    expect(ownerOfAddress('10.0.0.1', [])).toBeNull()
  })
})
