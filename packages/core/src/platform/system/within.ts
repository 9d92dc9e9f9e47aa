/** Settles as `work` does, or resolves with `'late'` after `limitMs` milliseconds. Late work goes on, and what it rejects with is lost. */
export async function within<Result>(work: Promise<Result>, limitMs: number): Promise<Result | 'late'> {
  const late = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => late.resolve('late'), limitMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Settles as `work` does, or rejects once the signal aborts. The work goes on then, and what becomes of it is lost. */
export async function unlessAborted<Result>(
  work: Promise<Result>,
  { signal, reason }: { signal: AbortSignal | undefined; reason: () => Error },
): Promise<Result> {
  if (signal === undefined) return work
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => aborted.reject(reason())
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
