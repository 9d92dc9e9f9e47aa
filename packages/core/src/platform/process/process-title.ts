/** The titles that the servers of this process show; the process list has all of them. */
const shown: string[] = []
let change: { readonly before: string; now: string } | null = null

/** Shows a title in the process list until disposed of. The titles of several servers are joined. */
export function showTitle(title: string): Disposable {
  shown.push(title)
  update()
  let isShown = true
  return {
    [Symbol.dispose]() {
      if (!isShown) return
      isShown = false
      shown.splice(shown.indexOf(title), 1)
      update()
    },
  }
}

function update(): void {
  // The app may have given the process a title of its own: it keeps that.
  if (change && process.title !== change.now) {
    if (shown.length === 0) change = null
    return
  }
  const before = change?.before ?? process.title
  process.title = shown.length === 0 ? before : shown.join(', ')
  // Read again, since the system may cut it off.
  change = shown.length === 0 ? null : { before, now: process.title }
}
