import { statSync } from 'node:fs'

/** Whether a file exists and another user owns it. Windows tells no owner. */
export function belongsToAnother(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false })
  return found !== undefined && process.getuid !== undefined && found.uid !== process.getuid()
}
