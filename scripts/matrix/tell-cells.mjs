/** Prints one line for each cell: its result and its counts. */
export function tellCells(cells) {
  for (const { platform, backend, state, reason, report } of cells) {
    const why = reason === null ? '' : `: ${reason}`
    console.log(`${platform}, ${backend}: ${state}${why}${report ? `, ${counts(report)}` : ''}`)
  }
}

function counts({ results }) {
  const found = new Map()
  for (const { status } of results) found.set(status, (found.get(status) ?? 0) + 1)
  return [...found].map(([status, count]) => `${count} ${status}`).join(', ')
}

/** Whether a cell makes the matrix fail. */
export function fallsShort({ state }) {
  return state === 'falls short' || state === 'below the minimum'
}
