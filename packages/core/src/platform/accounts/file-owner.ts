import { statIfReachable } from '../files/stat-if-reachable.ts'

/**
 * Whether a file exists and another user owns it than this one, and than the one `beside` (`null`: none). Windows reports no owner.
 */
export function belongsToAnother(file: string, { beside }: { beside: number | null }): boolean {
  const found = statIfReachable(file)
  return (
    found !== undefined &&
    process.getuid !== undefined &&
    found.uid !== process.getuid() &&
    found.uid !== beside
  )
}
