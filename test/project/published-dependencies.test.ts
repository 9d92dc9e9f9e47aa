import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'rolldown/parseAst'
import { describe, expect, it } from 'vitest'

// What is installed is what runs: an audit, an override or an SBOM must describe the code that a user has.

interface Manifest {
  readonly name: string
  readonly files: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const packages = fileURLToPath(new URL('../../packages/', import.meta.url))
const folders = readdirSync(packages).map((name) => join(packages, name))

describe.each(folders)('%s', (folder) => {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).sort()
  const scripts = publishedFiles(folder, manifest).filter((file) => /\.[cm]?js$/.test(file))

  it('depends on exactly what its published code imports', () => {
    const imported = new Set(scripts.filter((file) => !file.includes('/page/')).flatMap(importedPackages))
    imported.delete(manifest.name)
    expect([...imported].sort()).toEqual(dependencies)
  })

  it('lists exactly the packages that it bundles, with their licences', () => {
    const bundled = new Set(scripts.flatMap(sourcesOf).flatMap((source) => packageOf(source) ?? []))
    const bill = join(folder, 'dist/sbom.cdx.json')
    const listed = existsSync(bill) ? componentsOf(bill) : []
    // The bundler adds a few lines of its own, which no source map names.
    const others = listed.filter((component) => !component.startsWith('rolldown@'))
    expect(others.map((component) => component.replace(/@[^@]+$/, '')).sort()).toEqual([...bundled].sort())
    const allowed = withTheirOwn(folder, Object.keys(manifest.devDependencies ?? {}))
    for (const name of bundled) {
      expect(dependencies).not.toContain(name)
      expect(allowed).toContain(name)
    }
    const notices = join(folder, 'dist/THIRD-PARTY-NOTICES.txt')
    const noticed = existsSync(notices) ? readFileSync(notices, 'utf8').match(/^\S+ \d\S+ \(\S+\)$/gm) : []
    expect(noticed?.map((line) => line.replace(/^(\S+) (\S+) .*/, '$1@$2')).sort()).toEqual(listed)
  })

  it('has source maps that contain their sources, and no map of anything else', () => {
    for (const file of publishedFiles(folder, manifest).filter((name) => /\.([cm]?js|ts)$/.test(name))) {
      const map = /^\/\/# sourceMappingURL=(\S+)$/m.exec(readFileSync(file, 'utf8'))?.[1]
      if (map === undefined) continue
      expect({ file, map: /\.c?js\.map$/.test(map) }).toEqual({ file, map: true })
      const { sources, sourcesContent } = readMap(file)
      expect({ file, contained: sourcesContent?.filter((text) => text !== null).length }).toEqual({
        file,
        contained: sources.length,
      })
    }
  })
})

function publishedFiles(folder: string, { files }: Manifest): string[] {
  return files
    .filter((name) => !name.startsWith('!') && !/\.\w+$/.test(name))
    .flatMap((name) =>
      readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    )
}

/** By `import` in all its forms, and by a call of `require`, however that was made. */
function importedPackages(file: string): string[] {
  const names: string[] = []
  visit(parseAst(readFileSync(file, 'utf8'), { lang: 'js' }), (node) => {
    const source = isRequire(node)
      ? (node['arguments'] as Node[])[0]
      : (node['source'] as Node | null | undefined)
    if (typeof source?.['value'] === 'string') names.push(source['value'])
  })
  return names
    .filter((name) => !/^[./]|^file:/.test(name) && !isBuiltin(name))
    .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)
}

type Node = Readonly<Record<string, unknown>>

/** `require(…)`, or `createRequire(…)(…)`. */
function isRequire(node: Node): boolean {
  if (node['type'] !== 'CallExpression') return false
  const callee = node['callee'] as Node
  const { name } = (callee['type'] === 'CallExpression' ? callee['callee'] : callee) as Node
  return /^(__|create)?require$/i.test(String(name))
}

function visit(node: unknown, look: (node: Node) => void): void {
  if (typeof node !== 'object' || node === null) return
  if (!Array.isArray(node)) look(node as Node)
  for (const child of Object.values(node)) visit(child, look)
}

/** These packages and the dependencies of theirs, as they are installed. */
function withTheirOwn(
  folder: string,
  names: readonly string[],
  found = new Set<string>(),
): ReadonlySet<string> {
  for (const name of names) {
    const place = [join(folder, 'node_modules', name), join(folder, '..', name), join(folder, '../..', name)]
    const installed = place.find((one) => existsSync(join(one, 'package.json')))
    if (installed === undefined || found.has(name)) continue
    found.add(name)
    const { dependencies = {} } = JSON.parse(
      readFileSync(join(installed, 'package.json'), 'utf8'),
    ) as Manifest
    withTheirOwn(realpathSync(installed), Object.keys(dependencies), found)
  }
  return found
}

function readMap(script: string): { sources: string[]; sourcesContent?: (string | null)[] } {
  return JSON.parse(readFileSync(`${script}.map`, 'utf8')) as ReturnType<typeof readMap>
}

function sourcesOf(script: string): string[] {
  return existsSync(`${script}.map`) ? readMap(script).sources : []
}

function packageOf(source: string): string | undefined {
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1]
}

function componentsOf(bill: string): string[] {
  interface Component {
    readonly group?: string
    readonly name: string
    readonly version: string
  }
  const { bomFormat, components } = JSON.parse(readFileSync(bill, 'utf8')) as {
    bomFormat: string
    components: readonly Component[]
  }
  expect(bomFormat).toBe('CycloneDX')
  return components
    .map(({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name}@${version}`)
    .sort()
}
