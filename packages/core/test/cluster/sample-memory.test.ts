import { describe, expect, it } from 'vitest'
import { countSamplesOver } from '../../src/backends/cluster/policy/recycle-policy.ts'
import { sampleMemory } from '../../src/backends/cluster/worker/sample-memory.ts'

const failing = (code: string) => (): never => {
  throw Object.assign(new Error(`${code}: uv_resident_set_memory`), { code })
}

describe('sampleMemory', () => {
  it('treats only EMFILE and ENFILE as a lack of descriptors', () => {
    expect(sampleMemory(failing('EMFILE'))).toBe(null)
    expect(sampleMemory(failing('ENFILE'))).toBe(null)
  })

  it('still measures the heap where /proc is missing', () => {
    const sample = sampleMemory(failing('ENOENT'))
    expect(sample).toEqual({ rssBytes: null, heapBytes: expect.any(Number) })
    const limits = {
      maxRequests: null,
      maxRequestsJitter: 0,
      lifetimeMs: null,
      lifetimeJitterMs: 0,
      maxRssBytes: 1,
    }
    expect(sample && countSamplesOver(0, sample, { ...limits, maxHeapBytes: null })).toBe(0)
    expect(sample && countSamplesOver(0, sample, { ...limits, maxHeapBytes: 1 })).toBe(1)
  })
})
