// What users import: few values in the main entry, and the same from `lockstep` and from the packages behind it.
import { describe, expect, it } from 'vitest'

describe('the main entry', () => {
  it('has at most twelve values', async () => {
    const names = Object.keys(await import('lockstep'))
    expect(names).toEqual(expect.arrayContaining(['launch', 'LaunchError', 'watchSignals']))
    expect(names.length).toBeLessThanOrEqual(12)
  })

  it('is that of @lockstep/core, and the command line', async () => {
    const { main, defineLauncher, launch, ...others } = await import('lockstep')
    expect([main, defineLauncher].map((value) => typeof value)).toEqual(['function', 'function'])
    const { launch: launchWithoutPrograms, ...core } = await import('@lockstep/core')
    expect(launch).not.toBe(launchWithoutPrograms)
    expect({ ...others }).toEqual(core)
  })
})

describe('an entry for a special purpose', () => {
  it.each([
    ['lockstep/backend', '@lockstep/core/backend', 'inProcessServer'],
    ['lockstep/control', '@lockstep/core/control', 'findServers'],
    ['lockstep/conformance', '@lockstep/conformance', 'runSuite'],
  ])('%s exports what %s exports', async (entry, other, example) => {
    const exported = { ...(await import(entry)) }
    expect(Object.keys(exported)).toContain(example)
    expect(exported).toEqual({ ...(await import(other)) })
  })

  it('has the same classes as the main entry', async () => {
    const { LaunchError } = await import('lockstep')
    for (const entry of ['lockstep/backend', 'lockstep/control'])
      expect((await import(entry)).LaunchError).toBe(LaunchError)
  })
})
