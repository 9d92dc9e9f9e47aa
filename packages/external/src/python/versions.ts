/** Whether a version such as `20.1.0` is that one or a later one. A part that is not a number, as of a pre-release, counts as 0. */
export function isSince(version: string, since: string): boolean {
  const [have, want] = [partsOf(version), partsOf(since)]
  for (let index = 0; index < Math.max(have.length, want.length); index += 1) {
    const difference = (have[index] ?? 0) - (want[index] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}

function partsOf(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10) || 0)
}
