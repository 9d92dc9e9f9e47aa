import { createServer, type Server } from 'node:http'
import { describe, expect, it } from 'vitest'
import { judgeSettings, withAppValues } from '../../src/app/contract/judge-settings.ts'
import { readSettings } from '../../src/app/contract/read-settings.ts'
import { isSetting, serverSettings, settableByApp } from '../../src/app/contract/server-settings.ts'
import { optionRow } from '../../src/options/option-table.ts'
import type { LaunchPlan } from '../../src/plan/launch-plan.ts'

const plan = {
  userSet: [],
  tls: null,
  https: { protocols: ['http/1.1'] },
  timeouts: { keepAliveMs: 5_000, headersMs: 30_000, requestMs: 300_000 },
  limits: { connections: null, concurrency: null, headerBytes: 16_384, headerCount: 100 },
} as unknown as LaunchPlan

const overHttp2 = { ...plan, tls: {}, https: { protocols: ['h2', 'http/1.1'] } } as unknown as LaunchPlan

function judged(server: Server, under = plan): ReturnType<typeof judgeSettings> {
  return judgeSettings(readSettings(server), { plan: under, where: 'app.js' })
}

describe('the table of settings of an exported http.Server', () => {
  it('names every setting that Node stores on a server', () => {
    const names = Reflect.ownKeys(createServer()).map((key) =>
      typeof key === 'symbol' ? (key.description ?? '') : key,
    )
    expect(names.filter((name) => isSetting(name) && !Object.hasOwn(serverSettings, name))).toEqual([])
  })

  it('has a flag for each option that an app may set', () => {
    for (const [option, flag] of Object.entries(settableByApp))
      expect(optionRow(option as keyof typeof settableByApp).flags).toContain(flag)
  })
})

describe('readSettings() and judgeSettings()', () => {
  it('find nothing on a server with the defaults of Node', () => {
    expect(readSettings(createServer(() => undefined))).toEqual([])
    // Node derives one of the two from the other.
    const short = createServer({ requestTimeout: 10_000 })
    expect(readSettings(short).map(({ name }) => name)).toEqual(['requestTimeout'])
  })

  it('rank settings of the app above the defaults and below those of the user', () => {
    const server = createServer({ keepAliveTimeout: 65_000, maxHeaderSize: 65_536 })
    server.maxConnections = 7
    const { values, applied, overridden, faults } = judged(server, {
      ...plan,
      userSet: ['limits.headerBytes'],
    })
    expect({ values, applied, overridden, faults }).toEqual({
      values: { 'timeouts.keepAlive': 65_000, 'limits.connections': 7 },
      applied: { keepAliveTimeout: 65_000, maxConnections: 7 },
      overridden: ['maxHeaderSize'],
      faults: [],
    })
    expect(withAppValues(plan, values)).toMatchObject({
      timeouts: { keepAliveMs: 65_000, headersMs: 30_000 },
      limits: { connections: 7, headerBytes: 16_384 },
    })
  })

  it('treat 0 as no limit where Node does', () => {
    const server = createServer({ requestTimeout: 0, headersTimeout: 1, keepAliveTimeout: 0 })
    server.headersTimeout = 0
    server.maxHeadersCount = 0
    expect(judged(server)).toMatchObject({
      // Node also derives 0 for the headers, so the app has not necessarily set it.
      values: {
        'timeouts.request': 0,
        'timeouts.keepAlive': Number.POSITIVE_INFINITY,
        'limits.headerCount': Number.POSITIVE_INFINITY,
      },
      faults: [],
    })
  })

  it.each([
    {
      what: 'no connection at all',
      set: { maxConnections: 0 },
      says: ['maxConnections', '--limit-connections'],
    },
    {
      what: 'text for a number',
      set: { keepAliveTimeout: '65s' },
      says: ['keepAliveTimeout', '--keep-alive'],
    },
    { what: 'a negative number', set: { maxHeadersCount: -1 }, says: ['maxHeadersCount'] },
    { what: 'a time that Node would throw at', set: { timeout: {} }, says: ['timeout', 'not a number'] },
    { what: 'what cannot be called', set: { shouldUpgradeCallback: 1 }, says: ['shouldUpgradeCallback'] },
    { what: 'a lenient parser', set: { insecureHTTPParser: true }, says: ['insecureHTTPParser', 'RFC 9112'] },
    { what: 'lenient checks', set: { httpValidation: 'insecure' }, says: ['httpValidation', 'RFC 9112'] },
    { what: 'connections that are never read', set: { pauseOnConnect: true }, says: ['pauseOnConnect'] },
  ])('refuse $what by name', ({ set, says }) => {
    const { faults } = judged(Object.assign(createServer(), set))
    expect(faults.map(({ code }) => code)).toEqual(['LOCKSTEP_ERR_APP_SERVER_SETTING'])
    for (const words of says) expect(`${faults[0]?.message} ${faults[0]?.hint}`).toContain(words)
  })

  it('refuse with HTTP/2 only the settings that need HTTP/1.1', () => {
    const server = createServer({
      joinDuplicateHeaders: true,
      uniqueHeaders: ['x-one'],
      insecureHTTPParser: false,
      requireHostHeader: false,
    })
    expect(judged(server).faults).toEqual([])
    expect(
      judged(server, overHttp2)
        .faults.map(({ message }) => /sets (\w+)/.exec(message)?.[1])
        .sort(),
    ).toEqual(['joinDuplicateHeaders', 'uniqueHeaders'])
  })

  it('refuse an unknown setting that a later Node may add', () => {
    const unknown = [{ name: 'newSetting', key: 'newSetting', value: 1, answer: null }]
    expect(judgeSettings(unknown, { plan, where: 'app.js' }).faults[0]?.message).toContain('newSetting')
  })
})
