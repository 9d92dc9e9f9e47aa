// What a cell opens: the case, and what each door and client saw. It is part of the page, see src/reports/page-assets.ts.
// Everything is put in as text, never as markup.
{
  const { document } = globalThis
  const { columns, rows, values, observations } = JSON.parse(document.getElementById('data').textContent)
  const panel = document.getElementById('panel')
  const sessionHeads = ['Version', 'Cipher', 'Group', 'ALPN', 'Leaf', 'Resumed']

  document.getElementById('grid').addEventListener('click', ({ target }) => {
    const button = target.closest('button')
    if (button) open(...button.dataset.at.split('.').map(Number))
  })
  // Outside of the panel is its backdrop.
  panel.addEventListener('click', ({ target }) => target === panel && panel.close())

  function open(row, column) {
    const { id, level, requirement, source, marks } = rows[row]
    document.getElementById('panel-run').textContent = columns[column]
    document.getElementById('panel-id').textContent = id
    document
      .getElementById('panel-body')
      .replaceChildren(
        element('p', { class: 'requires' }, requirement),
        facts({ Level: level, Source: source }),
        ...marks[column].map(doorSection),
      )
    panel.showModal()
    panel.scrollTop = 0
    document.getElementById('panel-id').focus()
  }

  function doorSection([door, status, durationMs, detail, seen]) {
    return element(
      'section',
      { class: 'door' },
      element(
        'h3',
        { class: 'door-name' },
        `Door ${values[door]} `,
        element('span', { class: `status ${toneOf(values[status])}` }, values[status]),
        element('small', { class: 'quiet' }, ` ${durationMs} ms`),
      ),
      ...(values[detail] ? [element('pre', { class: 'detail', tabindex: '0' }, values[detail])] : []),
      seen.length > 0
        ? observationTable(seen, values[door])
        : element('p', { class: 'quiet' }, 'No client was asked.'),
    )
  }

  /** The legend has a mark for each status that occurs, in its colour. */
  function toneOf(status) {
    const entry = [...document.querySelectorAll('.legend li')].find((one) =>
      one.textContent.trim().endsWith(` ${status}`),
    )
    return entry?.querySelector('.mark').classList[1] ?? ''
  }

  function observationTable(seen, door) {
    const exchanges = seen.map((number) => observations[number].map((one) => values[one]))
    const secure = exchanges.some(([, , , , , version]) => version !== null)
    const heads = ['Client', 'Asked', 'Outcome', ...(secure ? sessionHeads : [])]
    return element(
      'div',
      { class: 'wide', role: 'region', 'aria-label': `Observations, door ${door}`, tabindex: '0' },
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head))),
        ),
        element('tbody', {}, ...exchanges.map((one) => observationRow(one, secure))),
      ),
    )
  }

  function observationRow([client, asked, outcome, reason, status, ...session], secure) {
    const said = `${outcome}${status === null ? '' : ` ${status}`}${reason ? `: ${reason}` : ''}`
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, client),
      element('td', { class: 'asked' }, asked),
      element('td', { class: 'outcome' }, said),
      ...(secure ? sessionCells(session) : []),
    )
  }

  function sessionCells([version, cipher, group, alpn, leaf, resumed]) {
    const told = [version, cipher ? breakable(cipher) : null, group, alpn, leaf ? fingerprint(leaf) : null]
    const again = resumed === null ? null : resumed ? 'yes' : 'no'
    return [...told, again].map((content) => element('td', {}, content ?? ''))
  }

  /** The names of cipher suites are long, and have underscores where others have spaces. */
  function breakable(name) {
    const parts = name.split(/(?<=_)/).flatMap((part) => [part, element('wbr', {})])
    return element('div', { class: 'cipher' }, ...parts)
  }

  /** Its beginning distinguishes leaves. The rest is available for readers who want it. */
  function fingerprint(leaf) {
    return element('details', { class: 'leaf' }, element('summary', {}, `${leaf.slice(0, 11)}…`), leaf)
  }

  function facts(named) {
    const pairs = Object.entries(named).filter(([, value]) => value)
    return element(
      'dl',
      { class: 'facts' },
      ...pairs.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
    )
  }

  function element(name, attributes, ...children) {
    const made = document.createElement(name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
    made.append(...children)
    return made
  }
}
