/** What differs in each run, and what stands for it in a comparison. */
const masks: readonly (readonly [RegExp, string])[] = [
  [/\b(?:[0-9A-F]{2}:){31}[0-9A-F]{2}\b/g, 'FINGERPRINT'],
  [/(?<=local CA )[0-9a-f]{8}\b/g, 'CA'],
  [/\b\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?/g, 'DATE'],
  [/\bin \d+ days\b/g, 'in DAYS'],
  [/\b\d+(?:\.\d+)? (?:ms|s)\b/g, 'TIME'],
  [/\b(?:\w+Ms)[=:] ?\d+/g, 'MS'],
  [/\b(?:process|pid|workerPid|stopped)(?:[ =:] ?)\d+/gi, 'PID'],
  [/(?<=^[\w-]+ \()\d+(?=\) )/g, 'PID'],
  [/\b\d\d:\d\d:\d\d(?:\.\d+)?\b/g, 'CLOCK'],
  [/(?<=localhost:|127\.0\.0\.1:|\[::1\]:)\d{4,5}\b/g, 'PORT'],
  // The page is where the package is.
  [/(?<=^ {2}\[LOCKSTEP_ERR_\w+\] )\S+/g, 'PAGE'],
  [/(?<=Looked in )\S+/g, 'FOLDER'],
  [/\b\d+(?:\.\d+)? (?:[kKMG]i?B)\b/g, 'SIZE'],
  [/(?<=lockstep )\d+\.\d+\.\d+\b/g, 'VERSION'],
  [/(?<=Node\.js v|Node )\d+\.\d+\.\d+\b/g, 'VERSION'],
]

/** One line without what differs in each run. Several spaces count as one, because columns adapt to what is in them. */
export function masked(line: string): string {
  return masks
    .reduce((text, [pattern, name]) => text.replaceAll(pattern, name), line)
    .replaceAll(/(?<=\S) +/g, ' ')
    .trimEnd()
}

/** A worker ends at any time after it began to drain. */
function isInOrder(line: string): boolean {
  return !/^· process \d+ has ended$/.test(line)
}

/** Whether an output of a page is what a run wrote. A line `…` in it leaves lines out. */
export function matches(shown: readonly string[], written: readonly string[]): boolean {
  const [lines, wanted] = [written, shown].map((each) => each.filter(isInOrder).map(masked)) as [
    string[],
    string[],
  ]
  const fits = (at: number, from: number): boolean => {
    if (at === wanted.length) return from === lines.length
    if (wanted[at]?.trim() === '…')
      return (
        lines.slice(from).some((_line, skipped) => fits(at + 1, from + skipped)) || fits(at + 1, lines.length)
      )
    return wanted[at] === lines[from] && fits(at + 1, from + 1)
  }
  return fits(0, 0)
}

/** The lines for the page: all, or, where it leaves some out, those that resemble the ones that it shows. */
export function adopted(shown: readonly string[], all: readonly string[]): string[] {
  const written = all.filter(isInOrder)
  if (!shown.some((line) => line.trim() === '…')) return [...written]
  let from = 0
  const lines: string[] = []
  for (const line of shown) {
    if (line.trim() === '…') {
      lines.push(line)
      continue
    }
    const rest = written.slice(from)
    const best = rest
      .map((each, at) => ({ at, common: commonStart(masked(each).trim(), masked(line).trim()) }))
      .sort((one, other) => other.common - one.common || one.at - other.at)[0]
    if (line.trim() === '' ? rest[0] !== '' : best === undefined || best.common < 4) continue
    const at = line.trim() === '' ? 0 : (best?.at ?? 0)
    if (at > 0 && lines.at(-1)?.trim() !== '…') lines.push(`${/^ */.exec(line)?.[0] ?? ''}…`)
    lines.push(rest[at] ?? '')
    from += at + 1
  }
  if (from < written.length && lines.at(-1)?.trim() !== '…') lines.push('…')
  return lines
}

function commonStart(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return length
}
