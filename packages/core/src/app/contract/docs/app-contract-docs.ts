import {
  answerOf,
  type BackendKind,
  backendKinds,
  type ContractAnswer,
  type ContractRow,
  type ContractSection,
} from '../contract-row.ts'
import { appContract, type ContractSectionName } from '../rows/app-contract.ts'
import { beginning, introductions } from './introductions.ts'

/** The whole of `docs/app-contract.md`, from the table. */
export function appContractDocs(): string {
  const sections = Object.entries<ContractSection>(appContract).map(([name, section]) =>
    [
      `## ${section.title}`,
      ...introductions[name as ContractSectionName].split('\n\n').map(wrap),
      tableOf(section),
      ...(sharedCode(section) === null ? [] : [wrap(`The error is \`${sharedCode(section)}\`.`)]),
      wrap(`Programs: ${textOf(section.programs)}`),
    ].join('\n\n'),
  )
  return `${beginning}\n${sections.join('\n\n')}\n`
}

const columns = 100

/** The one code by which rows of a section are refused in Node: it is written below the table, and not in each line. */
function sharedCode({ rows }: ContractSection): string | null {
  const codes = new Set(
    Object.values(rows).flatMap((row) =>
      ('inNode' in row ? [row.inNode] : [row.single, row.cluster]).flatMap(codesOf),
    ),
  )
  const [code] = codes
  return codes.size === 1 && code !== undefined && Object.values(rows).length > 2 ? code : null
}

function codesOf(answer: ContractAnswer): readonly string[] {
  return 'refused' in answer && answer.refused !== undefined ? [answer.refused] : []
}

/** Rows with the same answer share a line, as long as it has room for them. */
function tableOf(section: ContractSection): string {
  const lines: { whats: string[]; cell: string }[] = []
  for (const row of Object.values(section.rows)) {
    const cell = cellOf(row, section)
    const what = escaped(row.what)
    const same = lines.findLast((line) => line.cell === cell)
    if (same && lineOf([...same.whats, what].join(', '), cell).length <= columns) same.whats.push(what)
    else lines.push({ whats: [what], cell })
  }
  const [what, happens] = section.heads
  return [
    lineOf(what, happens),
    lineOf('---', '---'),
    ...lines.map(({ whats, cell }) => lineOf(whats.join(', '), cell)),
  ].join('\n')
}

function lineOf(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** One answer where the backends agree, else one after the other with their names. */
function cellOf(row: ContractRow, section: ContractSection): string {
  const texts = new Map<string, BackendKind[]>()
  for (const backend of backendKinds) {
    if (backend === 'programs' && row.programs === undefined) continue
    const text = textOf(answerOf(row, { backend, section }), {
      known: sharedCode(section),
      isAlways: isAlwaysRefused(section),
    })
    texts.set(text, [...(texts.get(text) ?? []), backend])
  }
  const cell = [...texts]
    .map(([text, backends]) =>
      backends[0] === 'single' && backends.includes('cluster')
        ? text
        : `${backends.map(nameOf).join(', ')}: ${text}`,
    )
    .join('<br>')
  return escaped(cell)
}

function nameOf(backend: BackendKind): string {
  return backend === 'programs' ? 'Programs' : `\`${backend}\``
}

function textOf(
  answer: ContractAnswer,
  { known = null, isAlways = false }: { known?: string | null; isAlways?: boolean } = {},
): string {
  if ('throws' in answer) return `Throws \`${answer.throws}\`. ${answer.says}`
  if (answer.refused === undefined) return answer.honoured
  const refusal = answer.refused === known ? answer.says : `${answer.says} (\`${answer.refused}\`)`
  if (answer.honoured !== undefined) return `${answer.honoured} ${refusal}`
  return isAlways && known !== null ? refusal : `Refused. ${refusal}`
}

/** Each line of such a table would begin with the same word. */
function isAlwaysRefused({ rows }: ContractSection): boolean {
  return Object.values(rows).every((row) => 'inNode' in row && !('honoured' in row.inNode))
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}

/** Breaks a paragraph between words, so that no line is longer than a hundred columns. */
function wrap(paragraph: string): string {
  const lines: string[] = ['']
  for (const word of paragraph.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line !== '' && line.length + 1 + word.length > columns) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join('\n')
}
