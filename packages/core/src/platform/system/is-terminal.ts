/** Whether a person may be at the other end of a standard stream. */
export function isTerminal(stream: 'stdin' | 'stdout' | 'stderr'): boolean {
  return process[stream].isTTY === true
}
