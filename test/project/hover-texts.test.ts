// What an editor shows when an author points at an option or at a field of the plan: asked of the language service of TypeScript, on the
// declarations of the built packages.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { optionNames, optionRow } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'

// The compiler of the project is a program without an API. That of API Extractor has one.
const require = createRequire(createRequire(import.meta.url).resolve('@microsoft/api-extractor/package.json'))
const ts = require('typescript')

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Every option as a user writes it, each with a value that does not matter. */
function everyOption(): string {
  const heads = [...new Set(optionNames.map((name) => name.split('.')[0] ?? ''))]
  const members = heads.map((head) => {
    const below = optionNames.filter((name) => name.startsWith(`${head}.`))
    if (below.length === 0) return `/* ${head} */ ${head}: undefined,\n`
    return `${head}: {\n${below.map((name) => `/* ${name} */ ${name.slice(head.length + 1)}: undefined,\n`).join('')}},\n`
  })
  return `import { defineConfig } from 'lockstep'\nexport default defineConfig({\n${members.join('')}})\n`
}

const backend = `import { defineBackend, honoured } from 'lockstep/backend'\nconst start = async () => { throw new Error() }\n`
const sources = {
  config: everyOption(),
  support: `${backend}export default defineBackend({ apiVersion: 1, name: 'x', start, support: {
${optionNames.map((name) => `/* ${name} */ '${name}': honoured('how'),\n`).join('')}} })\n`,
  plan: `import type { LaunchPlan } from 'lockstep/backend'\nexport type Shown = LaunchPlan\n`,
  mistakes: `${backend}export default defineBackend({ apiVersion: 2, name: 'x', start, support: { prot: honoured('how') } })\n`,
} as const

/** The files are not written: they are where a package of this workspace would have them. */
const fileOf = (name: keyof typeof sources): string => join(root, `test/hovered-${name}.ts`)
const texts = new Map(Object.entries(sources).map(([name, text]) => [fileOf(name as never), text as string]))
const service = ts.createLanguageService({
  getCompilationSettings: () => ({
    strict: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    skipLibCheck: true,
  }),
  getScriptFileNames: () => [...texts.keys()],
  getScriptVersion: () => '1',
  getScriptSnapshot: (name: string) => {
    const text = texts.get(name) ?? ts.sys.readFile(name)
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
  },
  getCurrentDirectory: () => root,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (name: string) => texts.has(name) || ts.sys.fileExists(name),
  readFile: ts.sys.readFile,
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
  realpath: ts.sys.realpath,
})

/** What an editor shows at the name after the comment with that text. */
function shownAt(name: keyof typeof sources, comment: string): string {
  const mark = `/* ${comment} */ `
  const place = sources[name].indexOf(mark) + mark.length + 1
  return ts.displayPartsToString(service.getQuickInfoAtPosition(fileOf(name), place)?.documentation)
}

const complaints = (name: keyof typeof sources): string[] =>
  service
    .getSemanticDiagnostics(fileOf(name))
    .map(({ messageText }: { messageText: unknown }) => ts.flattenDiagnosticMessageText(messageText, '\n'))

describe('an editor', { timeout: 60_000 }, () => {
  it('shows the text of each option in a configuration', () => {
    for (const name of optionNames) expect(shownAt('config', name), name).toContain(optionRow(name).summary)
  })

  it('shows the text of each option in a support table', () => {
    for (const name of optionNames) expect(shownAt('support', name), name).toContain(optionRow(name).summary)
    expect(complaints('support')).toEqual([])
  })

  it('shows a text at each field of the plan, however deep', () => {
    const program = service.getProgram()
    const checker = program.getTypeChecker()
    const statement = program.getSourceFile(fileOf('plan')).statements.at(-1)
    const bare: string[] = []
    let fields = 0
    const seen = new Set<unknown>()
    const look = (type: ReturnType<typeof checker.getTypeAtLocation>, path: string): void => {
      if (seen.has(type)) return
      seen.add(type)
      for (const part of type.isUnion() ? type.types : [type]) {
        const element = checker.isArrayType(part) ? checker.getTypeArguments(part as never)[0] : undefined
        if (element) {
          look(element, `${path}[]`)
          continue
        }
        for (const property of part.getProperties()) {
          const [declaration] = property.declarations ?? []
          if (!declaration?.getSourceFile().fileName.includes('/core/dist/')) continue
          fields += 1
          const text = ts.displayPartsToString(property.getDocumentationComment(checker))
          if (text === '' && property.name !== 'kind') bare.push(`${path}.${property.name}`)
          look(checker.getTypeOfSymbolAtLocation(property, statement), `${path}.${property.name}`)
        }
      }
    }
    look(checker.getTypeAtLocation(statement), 'plan')
    expect(bare).toEqual([])
    expect(fields).toBeGreaterThan(100)
  })

  it('complains about a misspelt option and another version of the interface', () => {
    expect(complaints('mistakes')).toEqual([
      expect.stringContaining("Type '2' is not assignable to type '1'"),
      expect.stringContaining("'prot' does not exist in type 'BackendSupport'"),
    ])
  })
})
