// The charts of the benchmarks. No person checks each image, so these tests check that it is complete.
import { DOMParser } from '@xmldom/xmldom'
import { describe, expect, it } from 'vitest'
import { type Chart, renderChart } from '../../bench/report/charts.mjs'

const value = (median: number) => ({ median, least: median * 0.9, most: median * 1.1 })
const longCategory = '10 KB of JSON, HTTPS, one connection a request & <what> else there is to say about it'

const bars = {
  file: 'bars',
  title: 'Throughput, to that of the best & its peers',
  kind: 'bars' as const,
  unit: 'ratio',
  categories: ['hello, HTTP', longCategory],
  series: [
    { name: 'a peer', values: [value(0.8), null] },
    { name: 'another "peer"', values: [value(Number.NaN), value(0.7)] },
    { name: 'lockstep cluster', values: [value(1), { median: 1, least: 0.1, most: 90 }] },
  ],
} satisfies Chart

const lines = {
  file: 'lines',
  title: 'Requests by connections',
  kind: 'lines' as const,
  xTitle: 'connections at once',
  yTitle: 'requests a second',
  xLog: true,
  yLog: false,
  series: [
    { name: 'reusePort processes', points: [10, 100, 1_000, 10_000].map((x) => [x, 50_000 - x] as const) },
    {
      name: 'lockstep cluster',
      points: [
        [10, 48_000],
        [100, Number.NaN],
        [10_000, 40_000],
      ],
    },
  ],
} satisfies Chart

/** The document, and what each of its texts says, without the places where lines break. */
function parsed(svg: string) {
  const document = new DOMParser({
    onError: (level, message) => {
      throw new Error(`${level}: ${message}`)
    },
  }).parseFromString(svg, 'image/svg+xml')
  const texts = [...document.getElementsByTagName('text')].map(({ textContent }) => textContent ?? '')
  return { root: document.documentElement, words: texts.join(' ').replaceAll(/\s+/g, ' '), texts }
}

describe('a chart of bars', () => {
  const { root, words, texts } = parsed(renderChart(bars))

  it('has a title, each category and each series', () => {
    for (const text of [bars.title, ...bars.categories, ...bars.series.map(({ name }) => name)])
      expect(words).toContain(text)
  })

  it('puts the series of Lockstep first', () => {
    const [ours = -1, peer = -1] = ['lockstep cluster', 'a peer'].map((name) => texts.indexOf(name))
    expect(ours).toBeGreaterThanOrEqual(0)
    expect(ours).toBeLessThan(peer)
  })

  it('shows the medians, and omits what was not measured', () => {
    expect(texts.filter((text) => /^\d\.\d\d$/.test(text)).toSorted()).toEqual([
      '0.70',
      '0.80',
      '1.00',
      '1.00',
    ])
    expect(renderChart(bars)).not.toMatch(/NaN|Infinity|undefined/)
  })

  it('rounds large values to whole numbers and small ones to three digits', () => {
    const values = [value(4_186.639), value(95.678)]
    const { texts: shown } = parsed(
      renderChart({ ...bars, unit: 'ms', series: [{ name: 'a peer', values }] }),
    )
    expect(shown).toEqual(expect.arrayContaining(['4,187', '95.7']))
    expect(shown.filter((text) => /\.\d\d/.test(text))).toEqual([])
  })

  it('grows with the number of its bars', () => {
    const fewer = parsed(renderChart({ ...bars, series: bars.series.slice(0, 1) }))
    expect(Number(root?.getAttribute('height'))).toBeGreaterThan(Number(fewer.root?.getAttribute('height')))
  })
})

describe('a chart of lines', () => {
  const { words } = parsed(renderChart(lines))

  it('has a title, axes and each series', () => {
    const { title, xTitle, yTitle, series } = lines
    for (const text of [title, xTitle, yTitle, ...series.map(({ name }) => name)])
      expect(words).toContain(text)
  })

  it('has a tick wherever something was measured', () => {
    for (const tick of ['10', '100', '1,000', '10,000']) expect(words.split(' ')).toContain(tick)
  })

  it('omits what was not measured', () => {
    expect(renderChart(lines)).not.toMatch(/NaN|Infinity|undefined/)
  })
})

describe.each([bars, lines])('a chart of $kind', (chart) => {
  it('is the same text each time', () => {
    expect(renderChart(chart)).toBe(renderChart(chart))
  })

  it('has a white background, and loads no other file', () => {
    const svg = renderChart(chart)
    expect(svg).toMatch(/<rect width="\d+" height="\d+" x="0" y="0" fill="#FFFFFF">/)
    expect(svg.replaceAll(/ xmlns(:xlink)?="[^"]*"/g, '')).not.toMatch(/https?:|<script|<image|@import/)
  })
})
