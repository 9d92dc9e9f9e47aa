import { brief, dressed, faint, font, frame, ink, legendHeight, width } from './look.mjs'

const plot = 300

/** Curves: how something grows. */
export function linesChart({ title, xTitle, yTitle, xLog = false, yLog = false, series: given }) {
  const series = dressed(given)
  const top = 44 + legendHeight(series)
  return {
    width,
    height: top + plot + 60,
    option: {
      ...frame({ title, series }),
      grid: { left: 92, right: 40, top, height: plot, outerBoundsMode: 'none' },
      xAxis: {
        ...axis({ title: xTitle, isLog: xLog, titleGap: 30 }),
        ...ticksAt(series.flatMap(({ points }) => points.map(([x]) => x))),
      },
      yAxis: axis({ title: yTitle, isLog: yLog, titleGap: 68 }),
      series: series.map(curve),
    },
  }
}

function axis({ title, isLog, titleGap }) {
  return {
    type: isLog ? 'log' : 'value',
    name: title,
    nameLocation: 'middle',
    nameGap: titleGap,
    nameTextStyle: { fontFamily: font, color: ink },
    axisLine: { show: true, lineStyle: { color: ink } },
    axisLabel: { fontFamily: font, color: ink, formatter: brief },
    splitLine: { lineStyle: { color: faint } },
  }
}

/** Ticks are at measured values, not at round numbers. */
function ticksAt(xs) {
  const customValues = [...new Set(xs)].toSorted((a, b) => a - b)
  return {
    min: customValues[0],
    max: customValues.at(-1),
    axisTick: { customValues },
    axisLabel: { customValues, fontFamily: font, color: ink, formatter: brief },
    splitLine: { show: false },
  }
}

function curve({ name, points, colour, symbol, emphasised }) {
  return {
    name,
    type: 'line',
    symbol,
    symbolSize: 8,
    z: emphasised ? 4 : 3,
    lineStyle: { width: emphasised ? 3 : 1.6 },
    itemStyle: { color: colour },
    data: points.filter(([, y]) => Number.isFinite(y)),
  }
}
