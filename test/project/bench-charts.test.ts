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

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** As many series as there are colours. */
const colourful = {
  ...lines,
  title: 'Lines in every colour',
  series: ['lockstep a', 'lockstep b', 'lockstep c', ...'defghij'].map((name) => ({
    name,
    points: [[1, 2]] as const,
  })),
} satisfies Chart

describe.each([bars, lines, colourful])('a chart: $title', (chart) => {
  it('has a dark colour for each that is seen, which its background lets see', () => {
    const svg = renderChart(chart)
    const style = /<style>@media \(prefers-color-scheme:dark\)\{(.*?)\}<\/style>/s.exec(svg)?.[1] ?? ''
    const dark = new Map(
      [...style.matchAll(/\[fill="([^"]+)"\]\{fill:([^}]+)\}/g)].map(([, a = '', b = '']) => [a, b]),
    )
    const seen = [...svg.matchAll(/<(?:rect|path|text|tspan|circle)\b[^>]*>/g)]
      .map(([tag]) => tag)
      .filter((tag) => !/fill-opacity="0"|stroke-width="0"/.test(tag))
      .flatMap((tag) => [...tag.matchAll(/ (?:fill|stroke)="([^"]+)"/g)].map(([, colour = '']) => colour))
    expect(seen.filter((colour) => !dark.has(colour) && colour !== 'none' && colour !== '#000')).toEqual([])
    const background = dark.get('#FFFFFF') ?? ''
    // WCAG 2.2 asks for 3:1 of a graphic, and for 4.5:1 of small text. Lines behind everything are meant to be faint.
    for (const [light, colour] of dark) {
      const least = light === '#222222' || light === '#595959' ? 4.5 : 3
      if (!['#FFFFFF', '#fff', '#E0E0E0'].includes(light))
        expect(contrast(colour, background)).toBeGreaterThan(least)
    }
  })
})

describe.each([bars, lines])('a chart of $kind', (chart) => {
  it('is the same text each time', () => {
    expect(renderChart(chart)).toBe(renderChart(chart))
  })

  it('has a white background on a light page, and loads no other file', () => {
    const svg = renderChart(chart)
    expect(svg).toMatch(/<rect width="\d+" height="\d+" x="0" y="0" fill="#FFFFFF">/)
    expect(svg.replaceAll(/ xmlns(:xlink)?="[^"]*"/g, '')).not.toMatch(/https?:|<script|<image|@import/)
  })
})
