// A picture of a terminal, from text with escape sequences.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { siteFolder } from './site-tools.mjs'

const character = { width: 8.4, height: 20, size: 14 }
const padding = 20
const colors = {
  'ansi-red': '#ff7b72',
  'ansi-green': '#7ee787',
  'ansi-yellow': '#e3b341',
  'ansi-blue': '#79c0ff',
  'ansi-magenta': '#d2a8ff',
  'ansi-cyan': '#76e3ea',
}
const plain = '#e6edf3'

/** The picture is dark in both themes, as terminals are. `title` is what a screen reader reads. */
export async function terminalSvg({ title, command, lines }) {
  const Anser = createRequire(join(siteFolder, 'package.json'))('anser')
  const rows = [
    [{ content: `$ ${command}`, fg: null, decorations: ['dim'] }],
    ...lines.map((line) => chunksOf(Anser, line)),
  ]
  const widest = Math.max(...rows.map((row) => widthOf(row)))
  const width = Math.ceil(widest * character.width + 2 * padding)
  const height = rows.length * character.height + 2 * padding
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${character.size}" fill="${plain}">`,
    ...rows.flatMap((row, index) => drawRow(row, padding + (index + 0.75) * character.height)),
    '</g>',
    '</svg>',
  ].join('\n')}\n`
}

function chunksOf(Anser, line) {
  return Anser.ansiToJson(line, { json: true, remove_empty: true, use_classes: true })
}

function widthOf(row) {
  return row.reduce((sum, { content }) => sum + [...content].length, 0)
}

/** Each piece gets its place and its length, so that columns are straight in whatever font the reader has. */
function drawRow(row, y) {
  let column = 0
  return row.flatMap(({ content, fg, decorations }) => {
    const start = column + [...content].length - [...content.trimStart()].length
    column += [...content].length
    const text = content.trim()
    if (text === '') return []
    const looks = [
      ...(colors[fg] ? [`fill="${colors[fg]}"`] : []),
      ...(decorations.includes('bold') ? ['font-weight="bold"'] : []),
      ...(decorations.includes('dim') ? ['fill-opacity="0.65"'] : []),
    ]
    const place = `x="${(padding + start * character.width).toFixed(1)}" y="${y}" textLength="${([...text].length * character.width).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`
    // Of several spaces, SVG would draw one.
    return [`<text ${[place, ...looks].join(' ')}>${escaped(text).replaceAll(' ', '\u00A0')}</text>`]
  })
}

function escaped(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
