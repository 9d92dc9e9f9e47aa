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
