/**
 * The time that a run has left to repeat rounds that disagree, in milliseconds. All benchmarks share it, so that a machine with constant
 * disturbances makes a run longer only by this time. Rounds that still disagree are reported as unsteady.
 */
let leftMs = Number.POSITIVE_INFINITY

/** To be called before the first benchmark of a run. */
export function allowSpareTime(seconds) {
  leftMs = seconds * 1_000
}

export function hasSpareTime() {
  return leftMs > 0
}

export async function onSpareTime(measure) {
  const began = performance.now()
  await measure()
  leftMs -= performance.now() - began
}
