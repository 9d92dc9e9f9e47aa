import { type FSWatcher, watch } from 'node:fs'
import { digestOfFiles } from './digest-of-files.ts'
import { lookupsOfPath } from './lookups-of-path.ts'

export interface FileWatch {
  /** Looks soon, for whoever knows that the list of files may have changed. */
  look(): void
  close(): void
}

/**
 * Calls back when the content that the paths lead to has changed; a touch is no change. Folders are watched and not files: a file
 * that is replaced is another file. The system tells nothing of a network filesystem that another machine writes to, nor of
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
  const watchers = new Map<string, FSWatcher>()
  /** The entries that matter, by their folders. */
  let entries = new Map<string, Set<string>>()
  /** What was passed on last, and what had been read by then: the files may be what they were before a reload that read others. */
  let last = { seen: read(), read: read() }
  let looking: Promise<void> | null = null
  let lookAgain = false
  let closed = false

  const watchFolder = (folder: string): void => {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name === null || entries.get(folder)?.has(name)) quiet.refresh()
      })
      watcher.on('error', () => unwatchFolder(folder))
      watchers.set(folder, watcher)
    } catch {
      // No such folder, or none can be watched: then looking has to do.
    }
  }
  const unwatchFolder = (folder: string): void => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }
  const arm = async (paths: readonly string[]): Promise<void> => {
    const lookups = (await Promise.all(paths.map(lookupsOfPath))).flat()
    if (closed) return
    entries = new Map()
    for (const { folder, name } of lookups) entries.set(folder, (entries.get(folder) ?? new Set()).add(name))
    for (const folder of watchers.keys()) if (!entries.has(folder)) unwatchFolder(folder)
    for (const folder of entries.keys()) if (!watchers.has(folder)) watchFolder(folder)
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

  // Whoever says that something may have happened, nobody looks before it has been quiet.
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
