/** The subjects that can be started on this machine, and why the others cannot. */
export function present(subjects) {
  const skipped = subjects
    .map(({ name, missing }) => ({ what: name, why: missing() }))
    .filter(({ why }) => why !== null)
  const absent = new Set(skipped.map(({ what }) => what))
  return { subjects: subjects.filter(({ name }) => !absent.has(name)), skipped }
}
