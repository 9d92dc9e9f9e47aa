/** What a run of benchmarks has measured; see ../benchmarks.mjs. */
export interface Run {
  at: string
  node: string
  platform: string
  processor: string
  cores: number
  memoryGb: number
  loadBefore: number
  isRealTime: boolean
  seconds: number
  results: {
    name: string
    figures: { what: string; goal: string | null; found: string; met: boolean | null; how: string }[]
    tables: { title: string; columns: string[]; rows: string[][] }[]
    charts: object[]
    skipped: { what: string; why: string }[]
  }[]
}

export function mergeRuns(before: Run, later: Run, names: string[]): Run
