/** Whether a person may be reading a standard stream as it is written. */
export function isTerminal(stream: 'stdout' | 'stderr'): boolean {
  return process[stream].isTTY === true
}
