import { backends } from './read-frameworks.mjs'

/** Each column with the answers that it is made of. */
const columns = [
  { title: 'single', answers: [['single', 'http']] },
  { title: 'cluster', answers: [['cluster', 'http']] },
  { title: 'TLS', answers: backends.map((backend) => [backend, 'tls']) },
  { title: 'HTTP/2', answers: backends.map((backend) => [backend, 'h2']) },
  {
    title: 'WebSocket or SSE',
    answers: backends.flatMap((backend) => [
      [backend, 'live'],
      [backend, 'liveTls'],
    ]),
  },
  { title: 'reload', answers: backends.map((backend) => [backend, 'reload']) },
  { title: 'stop', answers: backends.map((backend) => [backend, 'stop']) },
]

/** The whole of docs/frameworks.md. `frameworks` in order, `results` by name. */
export function frameworksPage({ frameworks, results }) {
  const notes = createNotes()
  const rows = frameworks.map((framework) => row(framework, results[framework.name], notes))
  const head = ['framework', 'versions', ...columns.map(({ title }) => title)]
  return [
    introduction(results),
    table(head, rows),
    '',
    ...notes.text(),
    '## How each starts',
    '',
    table(
      ['framework', 'command', 'quick start', 'WebSocket or SSE'],
      frameworks.map((framework) => [
        framework.title,
        `\`lockstep run ${[framework.start, ...(framework.flags ?? [])].join(' ')}${framework.args ? ` -- ${framework.args.join(' ')}` : ''}\``,
        `[${new URL(framework.source).host}](${framework.source})`,
        liveWords(framework),
      ]),
    ),
    '',
  ].join('\n')
}

function row({ title }, { versions, answers }, notes) {
  const installed = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const cells = columns.map((column) => cell(title, column, answers, notes))
  return [title, installed.join('<br>'), ...cells]
}

/** One word if all answers of the column agree, otherwise one for each backend. What is refused or failed has a note. */
function cell(framework, column, answers, notes) {
  const seen = column.answers.map(([backend, part]) => ({ backend, answer: answers[backend][part] }))
  const words = [...new Set(seen.map(({ answer }) => answer))]
  const short = (answer) => {
    const [verdict, reason] = split(answer)
    return reason === '' ? verdict : `${verdict} ${notes.add({ framework, verdict, reason })}`
  }
  if (words.length === 1) return short(words[0])
  const parts = seen.map(({ backend, answer }) => `${backend}: ${short(answer)}`)
  return [...new Set(parts)].join('<br>')
}

function split(answer) {
  const at = answer.indexOf(': ')
  return at < 0 ? [answer, ''] : [answer.slice(0, at), answer.slice(at + 2)]
}

function createNotes() {
  const notes = []
  return {
    add({ framework, verdict, reason }) {
      const text = `${framework}, ${verdict}: ${reason}`
      if (!notes.includes(text)) notes.push(text)
      return `(${notes.indexOf(text) + 1})`
    },
    text: () =>
      notes.length === 0
        ? []
        : ['## Notes', '', ...notes.map((text, at) => `${at + 1}. ${escaped(text)}`), ''],
  }
}

function liveWords({ websocket, events, notLive }) {
  const offered = [websocket && 'WebSocket', events && 'SSE'].filter(Boolean).join(' and ')
  return offered || notLive
}

function introduction(results) {
  const date = Object.values(results)
    .map((result) => result.date)
    .sort()
    .at(-1)
  const nodes = [...new Set(Object.values(results).map(({ node }) => node))].join(', ')
  return `# Frameworks

<!-- Written by \`npm run frameworks\`. Do not edit. -->

The quick start of each framework, from its own documentation, started by \`lockstep run\` without a change. \`frameworks/\` has the files. Most of them call \`listen()\` themselves. Measured on ${date}, on Linux, with Node ${nodes}. Each quick start was first run with \`node\` alone, and answered there.

- **single**, **cluster**: a page and, where the quick start takes one, a POST with a body are answered over plain HTTP, and the server listens at no port that its options don't name. \`cluster\` has two workers.
- **TLS**, **HTTP/2**: the same over TLS, and over HTTP/2.
- **WebSocket or SSE**: messages come back through a WebSocket, and events come one by one. Both over plain HTTP and TLS, events over HTTP/2 too.
- **reload**: the certificate is replaced, and under \`cluster\` the workers too. No request of four clients is lost meanwhile.
- **stop**: SIGTERM while a request is in flight. The request is answered (an open WebSocket is closed with 1001), the exit code is 0, and no process is left.

A cell says "served" when everything above was seen under both backends.
`
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map(escaped).join(' | ')} |`
  return [line(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n')
}

function escaped(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
