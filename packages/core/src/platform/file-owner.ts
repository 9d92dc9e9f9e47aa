import { statIfReachable } from './stat-if-reachable.ts'

/** Whether a file exists and another user owns it. Windows tells no owner. */
export function belongsToAnother(file: string): boolean {
  const found = statIfReachable(file)
  return found !== undefined && process.getuid !== undefined && found.uid !== process.getuid()
}
