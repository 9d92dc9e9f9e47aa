/** The part of charts.mjs that the tests use. */
interface Value {
  readonly median: number
  readonly least: number
  readonly most: number
}

interface BarsChart {
  readonly file: string
  readonly title: string
  readonly kind: 'bars'
  /** `'ratio'` has a line at 1. */
  readonly unit: string
  readonly categories: readonly string[]
  readonly series: readonly { readonly name: string; readonly values: readonly (Value | null)[] }[]
}

interface LinesChart {
  readonly file: string
  readonly title: string
  readonly kind: 'lines'
  readonly xTitle: string
  readonly yTitle: string
  readonly xLog?: boolean
  readonly yLog?: boolean
  readonly series: readonly {
    readonly name: string
    readonly points: readonly (readonly [number, number])[]
  }[]
}

export type Chart = BarsChart | LinesChart

export function renderChart(chart: Chart): string
