import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import {
  errorCatalog,
  eventDocs,
  flagTable,
  optionNames,
  optionRow,
  ownVariables,
  variableName,
} from '@lockstep/core/internal'
import { beforeAll, describe, expect, it } from 'vitest'
import { flagsOfOthers } from './pages/flags-of-others.ts'
import { helpTexts } from './pages/help-texts.ts'
import { pages, readText, root } from './pages/read-page.ts'

// Whatever a page names must exist: flags, variables, options, commands, error codes, events, npm scripts, files and links.

const fence = /^```[\s\S]*?^```$/gm
const proseOf = (page: string): string => readText(page).replaceAll(fence, '')

/** What the page writes in backticks. */
function spansOf(page: string): string[] {
  return [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span)
}

const flagsIn = (text: string): string[] =>
  [...text.matchAll(/(?<![\w-])--[a-z][a-zA-Z0-9-]*/g)].map(([flag]) => flag)

/** The commands, such as `cert create`, and all flags in their help. */
let commands: readonly string[] = []
let flagsOfCommands: ReadonlySet<string> = new Set()

beforeAll(async () => {
  const texts = await helpTexts()
  commands = [...texts.keys()].filter((name) => name !== '')
  flagsOfCommands = new Set([...texts.values()].flatMap(flagsIn))
})

/** The sources of our scripts, which have flags of their own: `npm run matrix -- --platform Windows`. */
const scripts = ['scripts', 'bench']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(root, folder, name),
    ),
  )
  .filter((file) => file.endsWith('.mjs') && !file.includes('node_modules'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')

const known = new Set<string>([
  ...flagTable.keys(),
  ...[...flagTable.keys()].map((flag) => flag.replace('--', '--no-')),
  ...optionNames.flatMap((name) => optionRow(name).refusedFlags ?? []),
  ...Object.values(flagsOfOthers).flat(),
])

function isFlagOfScripts(flag: string): boolean {
  const spellings = [`'${flag}'`, `${flag} `, `'${flag.slice(2)}'`, `${flag.slice(2)}: { type`]
  return spellings.some((spelling) => scripts.includes(spelling))
}

const variables = new Set<string>([
  ...optionNames.flatMap((name) => [variableName(name), ...ownVariables(name)]),
  // For a worker, for a program, and for the place of the options.
  ...['LOCKSTEP_WORKER', 'LOCKSTEP_PROGRAM', 'LOCKSTEP_CONFIG', 'LOCKSTEP_ENV_FILE'],
])
const groups = new Set(optionNames.flatMap((name) => (name.includes('.') ? [name.split('.')[0]] : [])))
const events = new Set([...eventDocs().matchAll(/^\| `([\w:]+)` \|/gm)].map(([, name = '']) => name))
const { scripts: npmScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

/** Scripts of the reader's package.json. */
const scriptsOfReader = ['dev']

/** Classes of Node, whose module has the name of a group of options. */
const ofNode = ['tls.Server', 'socket.server']

describe.each(pages)('%s names only', (page) => {
  const spans = spansOf(page)
  const text = readText(page)
  /** What the recipes of the page add, as `test/project/recipes.test.ts` sees. */
  const added = [...text.matchAll(/npm run new (?:error|verb) (\S+)/g)].map(([, name = '']) => name)

  it('flags that exist', () => {
    const isContributors = page === 'CONTRIBUTING.md' || page === 'ARCHITECTURE.md'
    const unknown = spans
      .flatMap(flagsIn)
      .filter((flag) => !known.has(flag) && !flagsOfCommands.has(flag))
      .filter((flag) => !(isContributors && isFlagOfScripts(flag)))
    expect(unknown).toEqual([])
  })

  it('variables, options, error codes and events that exist', () => {
    const named = [...text.matchAll(/\bLOCKSTEP_[A-Z0-9_]+[A-Z0-9]\b/g)].map(([name]) => name)
    const isKnown = (name: string): boolean =>
      variables.has(name) || name in errorCatalog || added.includes(name)
    expect(named.filter((name) => !isKnown(name))).toEqual([])
    const options = spans.filter((span) => /^[a-z]+(?:[A-Z]\w*)?\.[a-zA-Z.]+$/.test(span))
    const ours = options.filter((span) => groups.has(span.split('.')[0] ?? '') && !ofNode.includes(span))
    expect(ours.filter((span) => !optionNames.includes(span as never))).toEqual([])
    const happenings = spans.filter((span) =>
      /^(?:worker|certificate|logs|client|message):[a-z]+$/.test(span),
    )
    expect(happenings.filter((span) => !events.has(span))).toEqual([])
  })

  it('commands and npm scripts that exist', () => {
    const named = [...text.matchAll(/(?:`|^\$? ?|npx )lockstep ((?:cert )?[a-z-]+)(?=[\s`])/gm)].map(
      ([, name = '']) => name,
    )
    const unknown = named.filter(
      (name) => ![...commands, ...added].includes(name) && !/^(?:-|cert$|help$|app$)/.test(name),
    )
    expect(unknown).toEqual([])
    const runs = [...text.matchAll(/npm run ([\w-]+)/g)].map(([, name = '']) => name)
    expect(runs.filter((name) => !(name in npmScripts) && !scriptsOfReader.includes(name))).toEqual([])
  })

  it('files and folders that exist', () => {
    const paths = spans.filter((span) =>
      /^(?:packages|test|scripts|bench|examples|docs|\.ci|\.github)\/[\w./-]*$/.test(span),
    )
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('pages and headings that exist', () => {
    const targets = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
    expect(targets.filter((target) => !isReachable(page, target))).toEqual([])
  })
})

it('README.md links each page', () => {
  const readme = readText('README.md')
  expect(pages.filter((page) => page.startsWith('docs/') && !readme.includes(`](${page})`))).toEqual([])
})

const repository = 'https://github.com/lockstep-run/lockstep/blob/main/'

function isReachable(page: string, target: string): boolean {
  const isOwn = target.startsWith(repository)
  if (/^[a-z]+:/.test(target) && !isOwn) return true
  const [path = '', anchor] = target.replace(repository, '').split('#')
  const file = path === '' ? page : isOwn ? path : normalize(join(dirname(page), path)).replaceAll('\\', '/')
  if (!existsSync(join(root, file))) return false
  return anchor === undefined || !file.endsWith('.md') || headingsOf(file).includes(anchor)
}

/** As GitHub writes the anchors of headings. */
function headingsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  )
}
