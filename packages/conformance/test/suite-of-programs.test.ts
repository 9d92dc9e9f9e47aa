import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type ConformanceCase,
  conformanceCases,
  doorNames,
  hasFailed,
  isSeenThrough,
  matchesPattern,
  runSuite,
} from '@lockstep/conformance'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { peer } from '../../../scripts/peers/peers.mjs'
import { runsEverything } from '../../../test/support/runs-everything.ts'
import { runsWholeSuite } from '../../../test/support/runs-whole-suite.ts'
import { backendNamed } from './sabotage/backend-named.ts'

const lockstep = fileURLToPath(new URL('../../cli/bin/lockstep.js', import.meta.url))

const isAsked = runsWholeSuite || runsEverything
const whyLeftOut = isAsked ? '' : ' (skipped: neither TEST_EVERYTHING nor TEST_WHOLE_SUITE is 1)'

interface Run {
  readonly name: 'command' | 'gunicorn' | 'uvicorn'
  readonly door: (typeof doorNames)[number]
  /** Patterns of the ids of the cases. */
  readonly areas: readonly string[]
  /** How many of them pass at least; others are refused as declared. */
  readonly passes: number
}

/** What goes another way through the front than to an app of Node, and what its supervisor does. */
const ofFront = [
  ...['cert', 'client-auth', 'sni', 'reload', 'resumption', 'watch', 'alpn'].map((area) => `tls/${area}/*`),
  ...['hardening/*', 'programs/*', 'processes/*', 'proxy/*'],
]
/** What the two servers of Python could do in another way than any other program: their start, their flags, their stop. */
const ofPython = [
  'hardening/http1/*',
  'programs/*',
  'processes/workers/*',
  'processes/drain/*',
  'processes/graceful-timeout/*',
  'processes/reload/*',
  'proxy/trusted/*',
  'tls/cert/*',
]

const runs: readonly Run[] = runsWholeSuite
  ? [
      ...doorNames.flatMap((door) => [
        { name: 'command', door, areas: ['*'], passes: 150 } as const,
        { name: 'gunicorn', door, areas: ['*'], passes: 150 } as const,
        { name: 'uvicorn', door, areas: ['*'], passes: 150 } as const,
      ]),
    ]
  : [
      { name: 'command', door: 'command', areas: ofFront, passes: 110 },
      { name: 'gunicorn', door: 'command', areas: ofPython, passes: 50 },
      { name: 'uvicorn', door: 'command', areas: ofPython, passes: 50 },
    ]

afterEach(() => {
  vi.unstubAllEnvs()
})

describe.skipIf(!isAsked)(`the suite on a backend that runs programs${whyLeftOut}`, () => {
  it.each(runs)(
    'passes or is refused as declared: $name, through the door $door, $areas',
    { timeout: 480_000 },
    async ({ name, door, areas, passes }) => {
      if (name !== 'command') {
        vi.stubEnv('PATH', `${dirname(peer(name))}${delimiter}${process.env['PATH']}`)
      }
      const cases = conformanceCases.filter(({ id }) => areas.some((area) => matchesPattern(id, area)))
      for (const area of areas) expect(cases.filter((one) => isIn(one, area)).length).toBeGreaterThan(0)
      const backend = await backendNamed(name)
      const backends = import.meta.resolve('@lockstep/external')
      const results = await runSuite(
        { backend, backendName: name, backends, command: lockstep },
        { cases, doors: [door] },
      )
      expect(results.map(({ id }) => id)).toEqual(
        cases.filter((one) => isSeenThrough(door, one)).map(({ id }) => id),
      )
      expect(results.filter(hasFailed)).toEqual([])
      expect(results.filter(({ status }) => status === 'pass').length).toBeGreaterThan(passes)
    },
  )
})

function isIn({ id }: ConformanceCase, area: string): boolean {
  return matchesPattern(id, area)
}
