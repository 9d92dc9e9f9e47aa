import { init } from 'echarts'
import { barsChart } from './charts/bars-chart.mjs'
import { linesChart } from './charts/lines-chart.mjs'
import { darkColours, unseenColours } from './charts/look.mjs'

const kinds = { bars: barsChart, lines: linesChart }

/**
 * A chart as SVG, the same text for the same chart. Kinds:
 * - `{ file, title, kind: 'bars', unit, categories: string[], series: [{ name, values: { median, least, most }[] }] }`, with a line at 1 when
 *   the unit is `'ratio'`;
 * - `{ file, title, kind: 'lines', xTitle, yTitle, xLog, yLog, series: [{ name, points: [x, y][] }] }`.
 * A value that could not be measured is null or NaN, and is left out.
 */
export function renderChart(chart) {
  const { width, height, option } = kinds[chart.kind](chart)
  const instance = init(null, null, { renderer: 'svg', ssr: true, width, height })
  instance.setOption(option)
  const svg = instance.renderToSVGString()
  instance.dispose()
  return `${withDarkColours(withoutHover(svg)).replaceAll(/\bzr\d+-/g, 'zr-')}\n`
}

/** Styles describe what happens under a pointer, which an image never sees; and their names count on through the process. */
function withoutHover(svg) {
  return svg.replace(/<style.*?<\/style>\s*/s, '').replaceAll(/ class="[^"]*"/g, '')
}

/** The attributes are the colours of a light page, so that a viewer without styles shows those. */
function withDarkColours(svg) {
  const used = new Set(Array.from(svg.matchAll(/(?:fill|stroke)="([^"]+)"/g), ([, colour]) => colour))
  const rules = [...used]
    .filter((colour) => !unseenColours.includes(colour))
    .toSorted()
    .map((colour) => {
      const dark = darkColours[colour]
      if (dark === undefined)
        throw new Error(`The colour ${colour} has none for a dark page: charts/look.mjs`)
      return `[fill="${colour}"]{fill:${dark}}[stroke="${colour}"]{stroke:${dark}}`
    })
  return svg.replace('>', `>\n<style>@media (prefers-color-scheme:dark){\n${rules.join('\n')}\n}</style>`)
}
