import type { Run } from './merge-runs.mjs'

export function renderBenchmarks(run: Run): string
export function renderBenchmarkDetails(run: Run): string
