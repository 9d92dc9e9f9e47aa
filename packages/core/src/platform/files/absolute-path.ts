import { resolve, win32 } from 'node:path'

/**
 * An absolute path, of one that is relative to a folder. On Windows `NUL` is the null device in every folder, but Node would make a
 * file of that name of it (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
 */
export function absolutePath(
  directory: string,
  path: string,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform !== 'win32') return resolve(directory, path)
  return /^nul:?$/i.test(path) ? nullDevice : win32.resolve(directory, path)
}

const nullDevice = '\\\\.\\NUL'

/** The device of Windows that a path would mean in most programs, such as `CON`, whatever folder it names; `null`: none. */
export function reservedDeviceName(
  path: string,
  platform: NodeJS.Platform = process.platform,
): string | null {
  if (platform !== 'win32' || path === nullDevice) return null
  const [, name] =
    /^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:[.:].*)?$/i.exec(win32.basename(path)) ?? []
  return name ?? null
}
