/**
 * The run of docs/benchmarks with the results of a later one, of only some benchmarks, in their places. `names` are all of them, in order. Each later
 * result says when it was measured, and how busy the machine was.
 */
export function mergeRuns(before, later, names) {
  const { at, node, loadBefore, isRealTime } = later
  const results = new Map(before.results.map((result) => [result.name, result]))
  for (const result of later.results)
    results.set(result.name, { ...result, apart: { at, node, loadBefore, isRealTime } })
  return { ...before, results: names.filter((name) => results.has(name)).map((name) => results.get(name)) }
}
