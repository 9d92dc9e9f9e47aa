// The boundaries that no linter rule expresses: which source files may touch which parts of `process`.
// (Boundaries between modules are in .dependency-cruiser.mjs.)
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

interface Boundary {
  /** The property of `process` in question. */
  readonly property: 'argv' | 'env' | 'exit'
  /** The files that may use it, or folders if the name ends with a slash. */
  readonly allowed: readonly string[]
  readonly why: string
}

const boundaries: readonly Boundary[] = [
  {
    property: 'argv',
    allowed: [
      'packages/core/src/options/',
      'packages/cli/src/as-program.ts',
      // What the launcher passes to processes of its own.
      'packages/core/src/platform/node/start/compile-cache.ts',
      'packages/core/src/platform/files/handed-over/refuse-files.ts',
      // What the app sees instead.
      'packages/core/src/app/app-arguments.ts',
      'packages/conformance/src/apps/listening-program.ts',
      'packages/conformance/src/apps/contract/process-app.ts',
      'packages/conformance/src/apps/observable-app.ts',
      'packages/conformance/src/programs/',
      'packages/conformance/src/subject/subject-process.ts',
      'packages/conformance/src/subject/start-subject.ts',
    ],
    why: 'command line arguments are read in one place, so that all of them are documented and checked',
  },
  {
    property: 'env',
    allowed: [
      'packages/core/src/options/',
      'packages/core/src/platform/',
      // Read before the core is loaded. They are Node's variables, and no options.
      'packages/cli/src/compile-cache.ts',
      'packages/conformance/src/apps/contract/',
      'packages/conformance/src/run/environment.ts',
      // A program that shows what it was given.
      'packages/conformance/src/programs/odd-program.ts',
    ],
    why: 'the environment is read in one place, so that options have no hidden sources',
  },
  {
    property: 'exit',
    allowed: [
      'packages/cli/src/as-program.ts',
      'packages/core/src/backends/cluster/worker/worker-entry.ts',
      // An app that the suite brings.
      'packages/conformance/src/apps/contract/',
      'packages/conformance/src/apps/signalled-app.ts',
      'packages/conformance/src/programs/serve-app.ts',
      'packages/conformance/src/subject/subject-process.ts',
    ],
    why: 'a library does not end the process of its user',
  },
]

const root = fileURLToPath(new URL('../../', import.meta.url))
const sources = listSources()

describe.each(boundaries)('process.$property', ({ property, allowed, why }) => {
  it(`is only used where it belongs: ${why}`, () => {
    const offenders = sources
      .filter((file) => !isAllowed(file, allowed))
      .filter((file) => usesOfProcess(readFileSync(join(root, file), 'utf8')).has(property))
    expect(offenders).toEqual([])
  })
})

describe('instanceof', () => {
  it('is not used with a built-in class, because Jest, Vitest and VM contexts have their own classes', () => {
    const ofTheLanguage =
      /\binstanceof\s+(Error|TypeError|RangeError|SyntaxError|AggregateError|Uint8Array|ArrayBuffer|Promise|URL|Date|RegExp|Map|Set|Array|Object|Function)\b/
    const offenders = sources
      .filter((file) => !file.startsWith('packages/conformance/'))
      .filter((file) => ofTheLanguage.test(withoutComments(readFileSync(join(root, file), 'utf8'))))
    expect(offenders).toEqual([])
  })
})

describe('the search for uses of process', () => {
  it.each([
    ['a member access', 'process.exit(1)'],
    ['a member access on globalThis', 'globalThis.process.exit(1)'],
    ['an optional access over two lines', 'process\n  ?.exit(1)'],
    ['an access by name', "process['exit'](1)"],
    ['an access inside a template', `const text = \`\${process.exit(1)}\``],
    ['a destructuring', 'const { pid, exit: leave } = process'],
    ['a named import', "import { pid, exit } from 'node:process'"],
    ['a use after a URL in a string', "open('http://localhost'); process.exit(1)"],
  ])('finds %s', (_name, code) => {
    expect([...usesOfProcess(code)]).toContain('exit')
  })

  it.each([
    ['a line comment', '// calls process.exit'],
    ['a block comment', '/* calls\n * process.exit */'],
    ['a text', "throw new Error('do not call process.exit()')"],
    ['a longer name', 'process.exitCode = 1'],
    ["another object's member", 'worker.process.exit'],
    ['an event', "process.once('exit', close)"],
  ])('does not mistake %s for a use', (_name, code) => {
    expect([...usesOfProcess(code)]).not.toContain('exit')
  })
})

function listSources(): string[] {
  return readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => listTypeScript(`packages/${entry.name}/src`))
}

function listTypeScript(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return listTypeScript(path)
    return entry.name.endsWith('.ts') ? [path] : []
  })
}

function isAllowed(file: string, allowed: readonly string[]): boolean {
  return allowed.some((place) => (place.endsWith('/') ? file.startsWith(place) : file === place))
}

/** The names of the members of `process` that some code uses, in whatever way it accesses them. */
function usesOfProcess(code: string): Set<string> {
  const bare = withoutComments(code)
  const named = [
    ...bare.matchAll(/\{([^{}]*)\}\s*=\s*(?:globalThis\.)?process\b(?!\s*\.)/g),
    ...bare.matchAll(/import\s*\{([^{}]*)\}\s*from\s*['"](?:node:)?process['"]/g),
  ].flatMap(([, names = '']) => names.split(',').map((name) => name.trim().split(/\s|:/)[0] ?? ''))
  const accessed = [
    ...withoutTexts(bare).matchAll(/(?<![\w.])(?:globalThis\.)?process\s*\??\.\s*(\w+)/g),
    ...bare.matchAll(/(?<![\w.])(?:globalThis\.)?process\s*(?:\?\.)?\[\s*['"](\w+)['"]\s*\]/g),
  ].map(([, name = '']) => name)
  return new Set([...named, ...accessed])
}

const commentOrText = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g

/** Texts are matched along with comments, because a text may contain the beginning of a comment. */
function withoutComments(code: string): string {
  return code.replace(commentOrText, (match) => (match.startsWith('/') ? ' ' : match))
}

/** Templates stay, because they may contain code. */
function withoutTexts(code: string): string {
  return code.replace(commentOrText, "''")
}
