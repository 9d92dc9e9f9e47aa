/** Settings of the whole process, which processes that it starts inherit. */
export interface ProcessSettings {
  /** An absolute path; `null`: stay. */
  readonly chdir: string | null
  /** `null`: as it is. */
  readonly umask: number | null
}

/** Applies them until disposed of. An app may have changed folder meanwhile: it is left as the app has it then. */
export function applyProcessSettings({ chdir, umask }: ProcessSettings): Disposable {
  const folder = process.cwd()
  if (chdir !== null) process.chdir(chdir)
  const oldMask = umask === null ? null : process.umask(umask)
  let applied = true
  return {
    [Symbol.dispose]() {
      if (!applied) return
      applied = false
      if (chdir !== null && process.cwd() === chdir) goBack(folder)
      if (oldMask !== null) process.umask(oldMask)
    },
  }
}

function goBack(folder: string): void {
  try {
    process.chdir(folder)
  } catch {
    // It is gone, or closed to the user that this process has become: staying is all that is left.
  }
}
