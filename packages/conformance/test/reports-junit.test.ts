import { renderJUnit } from '@lockstep/conformance'
import { DOMParser, type Element } from '@xmldom/xmldom'
import { describe, expect, it } from 'vitest'
import { forbidden, hostileCells, hostileShown } from './reports/hostile-matrix.ts'
import { sampleCells } from './reports/sample-matrix.ts'

describe('the matrix as JUnit XML', () => {
  const cells = sampleCells()
  const suites = parse(renderJUnit(cells)).getElementsByTagName('testsuite')

  it('has a test suite for each cell, with its runtime and platform', () => {
    expect([...suites].map((suite) => suite.getAttribute('name'))).toEqual(
      cells.map(({ backend, platform }) => `${backend} on ${platform}`),
    )
    const windows = suiteNamed('cluster on Windows, Node 24')
    expect(windows.getAttribute('timestamp')).toBe('2026-11-24T13:02:11')
    expect(windows.getAttribute('time')).toBe('48.21')
    expect(
      Object.fromEntries(
        [...windows.getElementsByTagName('property')].map((one) => [
          one.getAttribute('name'),
          one.getAttribute('value'),
        ]),
      ),
    ).toMatchObject({
      platform: 'win32',
      runtime: 'Windows Node v24.21.0 under Wine 10.0',
      lockstep: '0.1.0',
    })
  })

  it.each([
    ['tls/min-version/refuses-older-client', 'command', 'failure', /^fail: node \(GET/],
    ['logging/access-log/json', 'launch', 'failure', /^stale known failure: it passes now/],
    ['limits/keep-alive/zero-closes-after-each-answer', 'backend', 'error', /^harness error: Error: the/],
    ['processes/name/shows-in-the-process-list', 'backend', 'skipped', /^known failure: Wine/],
    ['processes/workers/that-many-serve', 'launch', 'skipped', /^refused as declared: workers/],
    ['binding/backlog/reaches-the-kernel', 'launch', 'skipped', /^not observed: ss is not installed$/],
    ['binding/bind/unix-socket-serves', 'launch', 'skipped', /^not on this platform: Node/],
  ])('reports %s through the door %s as "%s"', (id, door, kind, message) => {
    const [verdict] = children(caseNamed(id, `single.windows-node-24.${door}`))
    expect(verdict?.tagName).toBe(kind)
    expect(verdict?.getAttribute('message')).toMatch(message)
  })

  it('has no details for a case that passes, and the observations of the clients for a failure', () => {
    expect(
      children(caseNamed('tls/min-version/refuses-older-client', 'single.linux-node-24.command')),
    ).toEqual([])
    const failure = caseNamed(
      'tls/min-version/refuses-older-client',
      'single.windows-node-24.command',
    ).textContent
    expect(failure).toContain("+ 'served'\n- 'refused'")
    expect(failure).toContain('\nopenssl, GET /tls over TLS; only TLSv1.1: refused: alert protocol version\n')
    expect(failure).toContain(
      '\ncurl, GET /tls over TLS; only TLSv1.2: not observed: curl is not installed\n',
    )
  })

  it('counts the results of each suite and of all suites', () => {
    const all = parse(renderJUnit(cells)).documentElement as Element
    for (const suite of [...suites, all]) {
      for (const [attribute, tag] of Object.entries({
        tests: 'testcase',
        failures: 'failure',
        errors: 'error',
        skipped: 'skipped',
      }))
        expect(suite.getAttribute(attribute), attribute).toBe(String(suite.getElementsByTagName(tag).length))
    }
    expect(Number(all.getAttribute('errors'))).toBeGreaterThan(0)
  })

  it('marks a run that was not planned as skipped, and a run without a report as an error', () => {
    const [skipped] = children(caseNamed('the run of the suite', 'single.macos-node-24'))
    expect(skipped?.tagName).toBe('skipped')
    expect(skipped?.getAttribute('message')).toBe('needs a Mac')
    const lost = { platform: 'Linux', backend: './a.b.js', state: 'falls short', report: null } as const
    const [one] = [...parse(renderJUnit([{ ...lost, reason: 'no report' }])).getElementsByTagName('testcase')]
    expect(one?.getAttribute('classname')).toBe('-a-b-js.linux')
    expect(one?.getElementsByTagName('error')[0]?.getAttribute('message')).toBe('no report')
  })

  it('shows hostile text without letting it change the XML', () => {
    const xml = renderJUnit(hostileCells)
    expect(xml).not.toMatch(forbidden)
    const document = parse(xml)
    expect(document.getElementsByTagName('img')).toHaveLength(0)
    expect(document.getElementsByTagName('testcase')).toHaveLength(2)
    const shown = hostileShown.replaceAll(/\s+/g, ' ')
    const failure = document.getElementsByTagName('failure')[0]
    expect(failure?.getAttribute('message')).toBe(`fail: ${shown}`)
    expect(failure?.textContent?.split('\nraw, ')[0]).toBe(hostileShown)
    expect(document.getElementsByTagName('skipped')[0]?.getAttribute('message')).toBe(shown)
  })

  function suiteNamed(name: string): Element {
    return [...suites].find((suite) => suite.getAttribute('name') === name) ?? expect.unreachable(name)
  }

  function caseNamed(id: string, className: string): Element {
    const all = [...suites].flatMap((suite) => [...suite.getElementsByTagName('testcase')])
    const found = all.filter(
      (one) => one.getAttribute('name') === id && one.getAttribute('classname') === className,
    )
    expect(found, `${className} ${id}`).toHaveLength(1)
    return found[0] ?? expect.unreachable(id)
  }
})

function children(element: Element): Element[] {
  return [...element.childNodes].filter((node): node is Element => node.nodeType === node.ELEMENT_NODE)
}

/** Throws at the first part that is not well-formed. */
function parse(xml: string): ReturnType<DOMParser['parseFromString']> {
  const onError = (level: string, message: string): never => {
    throw new Error(`${level}: ${message}`)
  }
  return new DOMParser({ onError }).parseFromString(xml, 'text/xml')
}
