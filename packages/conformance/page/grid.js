// The filters, and the arrow keys of the grid. It is part of the page, see src/reports/page-assets.ts.
{
  const { document } = globalThis
  const grid = document.getElementById('grid')
  const filter = document.getElementById('filter')
  const notGreen = document.getElementById('not-green')
  const cases = [...grid.querySelectorAll('tr.case')]

  document.querySelector('.tools').hidden = false
  filter.addEventListener('input', show)
  notGreen.addEventListener('change', show)
  grid.addEventListener('keydown', moveByKey)
  grid.addEventListener('focusin', ({ target }) => target.matches('button') && makeTabStop(target))
  show()

  /** Every word of the filter has to be in the id or the requirement. */
  function show() {
    const words = filter.value.toLowerCase().split(/\s+/)
    for (const row of cases) {
      const text = row.querySelector('th').textContent.toLowerCase()
      row.hidden =
        (notGreen.checked && row.classList.contains('all-green')) ||
        !words.every((word) => text.includes(word))
    }
    for (const body of grid.tBodies) body.hidden = !body.querySelector('tr.case:not([hidden])')
    const shown = cases.filter((row) => !row.hidden).length
    document.getElementById('shown').textContent =
      shown === cases.length ? `${shown} cases` : `${shown} of ${cases.length} cases`
    document.getElementById('nothing').hidden = shown > 0
    makeTabStop(visibleButtons()[0])
  }

  /** A thousand cells must not be a thousand stops of the Tab key: one is, and the arrows go on from there. */
  function makeTabStop(button) {
    for (const other of grid.querySelectorAll('button')) other.tabIndex = other === button ? 0 : -1
  }

  function visibleButtons() {
    return cases.filter((row) => !row.hidden).flatMap((row) => [...row.querySelectorAll('button')])
  }

  function moveByKey(event) {
    const from = event.target.closest('td')
    if (!from || event.ctrlKey || event.metaKey || event.altKey) return
    const to = destination(event.key, from)
    if (!to) return
    event.preventDefault()
    to.focus()
  }

  function destination(key, from) {
    const along = [...from.parentElement.querySelectorAll('button')]
    const down = visibleButtons().filter((button) => button.closest('td').cellIndex === from.cellIndex)
    const here = from.querySelector('button')
    switch (key) {
      case 'ArrowRight':
        return along[along.indexOf(here) + 1]
      case 'ArrowLeft':
        return along[along.indexOf(here) - 1]
      case 'ArrowDown':
        return down[down.indexOf(here) + 1]
      case 'ArrowUp':
        return down[down.indexOf(here) - 1]
      case 'Home':
        return along[0]
      case 'End':
        return along.at(-1)
    }
  }
}
