import { isAbsolute, relative } from 'node:path'

/** A file as someone in that folder would name it: by a path from there if it is below, else by its whole path. */
export function nearPath(file: string, folder: string): string {
  const near = relative(folder, file)
  return near.startsWith('..') || isAbsolute(near) ? file : near
}
