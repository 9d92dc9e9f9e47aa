import { brief, dressed, faint, font, frame, ink, legendHeight, width } from './look.mjs'

const bar = { height: 13, gap: 3, betweenGroups: 16 }
const labels = { width: 280, lineHeight: 14 }
/** A whisker may be this many times as long as the longest bar; a longer one is cut at the edge, without an end mark. */
const longest = 1.6

/** Horizontal bars in groups, with the least and the most as whiskers. The chart is higher if there are more bars. */
export function barsChart({ title, unit, categories, series: given }) {
  const series = dressed(given)
  const medians = series.flatMap(({ values }) => values.filter(isMeasured).map(({ median }) => median))
  const isRatio = unit === 'ratio'
  const limit = longest * Math.max(...medians, isRatio ? 1 : 0)
  const group = series.length * (bar.height + bar.gap) + bar.betweenGroups
  const subtitle = `${isRatio ? 'Ratio' : unit}: median; whiskers: lowest and highest`
  const top = 58 + legendHeight(series)
  const plot = categories.length * group
  return {
    width,
    height: top + plot + 36,
    option: {
      ...frame({ title, subtitle, series }),
      grid: { left: labels.width + 24, right: 64, top, height: plot, outerBoundsMode: 'none' },
      xAxis: {
        type: 'value',
        min: 0,
        max: (extent) => Math.min(limit, extent.max),
        axisLabel: { fontFamily: font, color: ink, formatter: brief, showMaxLabel: false },
        splitLine: { lineStyle: { color: faint } },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: categories,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: ink } },
        axisLabel: {
          interval: 0,
          fontFamily: font,
          color: ink,
          width: labels.width,
          overflow: 'break',
          lineHeight: labels.lineHeight,
        },
      },
      series: [
        ...series.map((one, index) => bars(one, { hasLineAtOne: isRatio && index === 0 })),
        ...series.map((one, index) =>
          whiskers(one, {
            limit,
            isRatio,
            offset: (index - (series.length - 1) / 2) * (bar.height + bar.gap),
          }),
        ),
      ],
    },
  }
}

function bars({ name, values, colour }, { hasLineAtOne }) {
  return {
    name,
    type: 'bar',
    barWidth: bar.height,
    barGap: `${(bar.gap / bar.height) * 100}%`,
    itemStyle: { color: colour },
    data: values.map((value) => (isMeasured(value) ? value.median : null)),
    ...(hasLineAtOne && {
      markLine: {
        symbol: 'none',
        silent: true,
        label: { show: false },
        lineStyle: { color: ink, type: 'dashed', width: 1.2 },
        data: [{ xAxis: 1 }],
      },
    }),
  }
}

/** The spread, and the median as a number beside it. */
function whiskers({ values, emphasised }, { limit, isRatio, offset }) {
  return {
    type: 'custom',
    z: 5,
    clip: false,
    silent: true,
    encode: { x: [1, 2], y: 0 },
    data: values.flatMap((value, index) =>
      isMeasured(value) ? [[index, value.least, Math.min(value.most, limit), value.median, value.most]] : [],
    ),
    renderItem(_params, api) {
      const [category, least, most, median, real] = [0, 1, 2, 3, 4].map((place) => api.value(place))
      const [from, middle] = api.coord([least, category])
      const [to] = api.coord([most, category])
      const y = middle + offset
      const stroke = { stroke: ink, lineWidth: 1, fill: 'none' }
      const line = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style: stroke })
      return {
        type: 'group',
        children: [
          line(from, y, to, y),
          line(from, y - 3, from, y + 3),
          ...(real > most ? [] : [line(to, y - 3, to, y + 3)]),
          {
            type: 'text',
            style: {
              x: Math.max(to, api.coord([median, category])[0]) + 6,
              y,
              text: isRatio ? median.toFixed(2) : brief(median),
              fill: ink,
              stroke: '#FFFFFF',
              lineWidth: 3,
              textVerticalAlign: 'middle',
              font: `${emphasised ? 'bold ' : ''}11px ${font}`,
            },
          },
        ],
      }
    },
  }
}

function isMeasured(value) {
  return value !== null && value !== undefined && Number.isFinite(value.median)
}
