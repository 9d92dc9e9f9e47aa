/** Whether a person may be at the other end of a standard stream. */
export function isTerminal(stream: 'stdin' | 'stdout' | 'stderr'): boolean {
  return process[stream].isTTY === true
}

/** A pipe has no width. This one fits the terminal in which most people read what came through it. */
const usualWidth = 80
/** Longer lines are hard to read, however wide the window is. */
const widest = 120
const narrowest = 40

/**
 * In how many columns text for people should fit: those of the terminal, from 40 to 120, or those of pipes for anything else. `COLUMNS` overrides both, and
 * has no upper limit (POSIX.1-2024, Base Definitions, section 8.3).
 */
export function textWidth(stream: 'stdout' | 'stderr', ofPipes: number = usualWidth): number {
  const asked = process.env['COLUMNS'] ?? ''
  if (/^[1-9]\d{0,5}$/.test(asked)) return Math.max(narrowest, Number(asked))
  // A terminal that does not know its size says 0.
  const columns = process[stream].isTTY === true ? process[stream].columns : 0
  return columns > 0 ? Math.min(widest, Math.max(narrowest, columns)) : ofPipes
}
