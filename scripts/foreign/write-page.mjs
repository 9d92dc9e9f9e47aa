const marks = { honoured: '✓', refused: '✓', dropped: '✗', worse: '✗✗', none: '–' }

/** The whole of docs/other-launchers.md. */
export function foreignPage({ results, questions }) {
  const date = new Date().toISOString().slice(0, 10)
  const tables = results.map(({ name, version, answers }) => {
    const rows = questions.map(({ id, title }) => {
      const { verdict, how } = answers[id]
      const text = verdict === 'none' ? how : [verdict, how].filter(Boolean).join(': ')
      return `| ${title} | ${marks[verdict]} | ${text} |`
    })
    return [
      `## ${name}`,
      '',
      `Version: ${version}.`,
      '',
      '| asked for | | seen on the wire |',
      '| --- | --- | --- |',
      ...rows,
    ].join('\n')
  })
  return `${introduction(date)}\n${summary({ results, questions })}\n\n${tables.join('\n\n')}\n`
}

function introduction(date) {
  return `# Other launchers, asked for TLS

<!-- Written by \`npm run foreign\`. Do not edit. -->

What the current versions of other servers and launchers do with each option of TLS, on their own: started with the option, and then looked at by a client. Measured on ${date}, on Linux.

- ✓ honoured, or refused at the start where it cannot be honoured.
- ✗ dropped: the server runs as if the option was not set.
- ✗✗ worse: plain HTTP, clients without a certificate, another certificate, or a server that runs and answers nothing.
- – has no such option.
`
}

function summary({ results, questions }) {
  const count = (answers, verdicts) =>
    questions.filter(({ id }) => verdicts.includes(answers[id].verdict)).length
  const rows = results.map(
    ({ name, version, answers }) =>
      `| ${name} | ${version} | ${count(answers, ['honoured', 'refused'])} | ${count(answers, ['dropped'])} | ${count(answers, ['worse'])} | ${count(answers, ['none'])} |`,
  )
  return ['| launcher | version | ✓ | ✗ | ✗✗ | – |', '| --- | --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  )
}
