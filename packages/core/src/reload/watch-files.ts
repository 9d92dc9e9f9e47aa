import { type FSWatcher, watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { digestOfFiles } from '../tls/digest-of-files.ts'
import { lookupsOfPath } from './lookups-of-path.ts'

export interface FileWatch {
  /** Looks soon, because the list of files may have changed. */
  look(): void
  close(): void
}

/**
 * Calls back when the content that the paths lead to has changed; a touch is not a change. Folders are watched and not files: a file
 * that is replaced is another file. The system does not report changes of a network filesystem that another machine writes to, nor of
 * more folders than it allows, so it also looks by itself now and then.
 */
export function watchFiles({
  files,
  digest: read,
  quietMs,
  lookMs,
  onChange,
}: {
  files: () => readonly string[]
  /** Of their content, when it was read last, by a reload of whatever cause. */
  digest: () => string
  /** How long nothing must have happened: a certificate and its key are rarely written at one stroke. */
  quietMs: number
  lookMs: number
  onChange: () => void
}): FileWatch {
  const watchers = new Map<string, { readonly watcher: FSWatcher; readonly identity: string }>()
  /** The entries that matter, by their folders, and whether each is a folder itself. */
  let entries = new Map<string, Map<string, { readonly isFolder: boolean }>>()
  /** What was passed on last, and what had been read by then: the files may be what they were before a reload that read others. */
  let last = { seen: read(), read: read() }
  let looking: Promise<void> | null = null
  let lookAgain = false
  let closed = false

  const watchFolder = (folder: string, identity: string): void => {
    try {
      const watcher = watch(folder, { persistent: false }, (event, name) => {
        const entry = name === null ? { isFolder: false } : entries.get(folder)?.get(plainName(name))
        // Windows says `change` of a folder at each change in it.
        if (entry && !(entry.isFolder && event === 'change')) quiet.refresh()
      })
      watcher.on('error', () => unwatchFolder(folder))
      watchers.set(folder, { watcher, identity })
    } catch {
      // No such folder, or none can be watched: then looking has to do.
    }
  }
  const unwatchFolder = (folder: string): void => {
    watchers.get(folder)?.watcher.close()
    watchers.delete(folder)
  }
  const arm = async (paths: readonly string[]): Promise<void> => {
    const lookups = (await Promise.all(paths.map(lookupsOfPath))).flat()
    const folders = [...new Set(lookups.map(({ folder }) => folder))]
    const identities = new Map(await Promise.all(folders.map(identify)))
    if (closed) return
    entries = new Map()
    for (const { folder, name, isFolder = false } of lookups) {
      const names = entries.get(folder) ?? new Map<string, { isFolder: boolean }>()
      const both = isFolder && (names.get(plainName(name))?.isFolder ?? true)
      entries.set(folder, names.set(plainName(name), { isFolder: both }))
    }
    // A watch stays with its folder: where another folder has taken the place of one, that is to be watched.
    for (const [folder, { identity }] of watchers)
      if (identities.get(folder) !== identity) unwatchFolder(folder)
    for (const [folder, identity] of identities)
      if (identity !== null && !watchers.has(folder)) watchFolder(folder, identity)
  }
  const lookOnce = async (): Promise<void> => {
    const paths = files()
    // In this order, or what changes in between would be seen by neither.
    await arm(paths)
    const digest = await digestOfFiles(paths)
    if (closed) return
    const before = last
    last = { seen: digest, read: read() }
    if (digest === last.read || (digest === before.seen && last.read === before.read)) return
    onChange()
  }
  const look = (): void => {
    lookAgain = looking !== null
    looking ??= lookOnce().finally(() => {
      looking = null
      if (lookAgain) look()
    })
  }

  // After any sign of a change, it looks only when it has been quiet.
  const quiet = setTimeout(look, quietMs).unref()
  const timer = setInterval(() => quiet.refresh(), lookMs).unref()
  void arm(files())
  return {
    look: () => void quiet.refresh(),
    close() {
      closed = true
      clearTimeout(quiet)
      clearInterval(timer)
      for (const folder of watchers.keys()) unwatchFolder(folder)
    },
  }
}

/**
 * Names that a file system takes for the same one, in the same form: Windows and macOS know no case, and macOS two ways to write `é`. Elsewhere
 * two files may have such names; then it is looked in vain, and nothing has changed.
 */
function plainName(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

/** Which folder is under a path now; `null`: none that can be seen. */
async function identify(folder: string): Promise<[string, string | null]> {
  try {
    const { dev, ino } = await stat(folder, { bigint: true })
    return [folder, `${dev}:${ino}`]
  } catch {
    return [folder, null]
  }
}
