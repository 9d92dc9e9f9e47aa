export const backends: readonly string[]
export const sourcesFolder: string
export const resultsFile: string

export interface Framework {
  readonly name: string
  readonly title: string
  readonly start: string
}

export function readFrameworks(): readonly Framework[]
