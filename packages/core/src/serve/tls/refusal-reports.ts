import type { RefusedClient } from './refused-clients.ts'

/** The most reports in a second. A refused client can come back immediately, and must not fill logs and channels. */
const mostPerSecond = 10

/** A report of refused clients: one of them, and how many more there were since the one before. */
export interface RefusalReport extends RefusedClient {
  /** All that were refused since the last report, this one among them. */
  readonly count: number
}

/** Limits how often clients that are refused are reported. What is left out is counted in the next report. */
export function limitReports<Refused extends object>(
  report: (refusal: Refused & { readonly count: number }) => void,
): (refused: Refused) => void {
  let second = 0
  let reported = 0
  let left = 0
  return (refused) => {
    const now = Math.floor(performance.now() / 1_000)
    if (now !== second) reported = 0
    second = now
    if (reported >= mostPerSecond) {
      left += 1
      return
    }
    reported += 1
    report({ ...refused, count: left + 1 })
    left = 0
  }
}
