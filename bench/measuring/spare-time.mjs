/**
 * What a run has left for rounds that are repeated because they disagree, in milliseconds. All benchmarks share it, so that a machine which
 * is disturbed all the time makes a run longer by that much and no more; what disagrees afterwards is reported as unsteady.
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
