// Puts the sources of a package into few files, since at a start each file costs: finding it, reading it, linking it.
//   node ../../scripts/bundle-package.mjs src/index.ts src/other-entry.ts --selection src/few.ts --commonjs src/loaded-at-once.ts
// run in the package's folder after the compiler, which checks and writes the declarations. Each entry becomes dist/<its name>.js,
// and what they share exists once, in shared files. What `require()` must load at once becomes dist/<its name>.cjs. The package's `dependencies` and `peerDependencies` stay imports. Its other `devDependencies` are bundled, with their
// licences in dist/THIRD-PARTY-NOTICES.txt and a list of them in dist/sbom.cdx.json.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { rolldown } from 'rolldown'
import { bundledPackages } from './bundled-packages.mjs'
import { writeBillOfMaterials } from './write-bill-of-materials.mjs'

const dist = 'dist'
/** A source does nothing when it is imported, except for those that are started or that set a library up. */
const ownSideEffects = [
  {
    test: /[\\/](worker-entry|worker-start|guard-thread|probe-thread|config-process|refuse-files|end-programs|send-ctrl-c|register-crypto)\.[jt]s$/,
    sideEffects: true,
  },
  { test: /[\\/]packages[\\/][a-z]+[\\/](src|dist)[\\/]/, sideEffects: false },
]
const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = readJson('package.json')
const {
  positionals: entries,
  values: { selection: selections = [], commonjs = [] },
} = parseArgs({
  allowPositionals: true,
  options: { selection: { type: 'string', multiple: true }, commonjs: { type: 'string', multiple: true } },
})

removeOldScripts()
const moduleIds = await write(entries, { format: 'esm' })
// Each by itself: what they shared would be a file of ES modules by its name.
for (const file of commonjs)
  moduleIds.push(...(await write([file], { format: 'cjs', entryFileNames: '[name].cjs' })))
const bundled = bundledPackages(moduleIds)
for (const file of selections) await writeSelection(file)
writeNotices(bundled)
await writeBillOfMaterials(bundled, dist)
keepOneBytePerCharacter()

/** Resolves with the sources that went into it. */
async function write(files, options) {
  const bundle = await rolldown({
    input: Object.fromEntries(files.map((file) => [basename(file, '.ts'), file])),
    platform: 'node',
    external: isExternal,
    // This is only true of our sources, so package.json does not claim it. Otherwise esbuild could skip running the output files.
    treeshake: { moduleSideEffects: ownSideEffects },
    // The same target as the compiler: the oldest supported Node lacks `using`, for example.
    transform: { target: readTarget() },
    plugins: [{ name: 'take the process that is there', resolveId: resolveProcess, load: loadProcess }],
  })
  const { output } = await bundle.write({
    dir: dist,
    sourcemap: true,
    keepNames: true,
    // Every process reads this text, and the declarations have the comments.
    comments: { legal: true, annotation: true, jsdoc: false },
    ...options,
  })
  await bundle.close()
  return output.flatMap((chunk) => chunk.moduleIds ?? [])
}

/**
 * An entry that only re-exports names of another entry imports that one. Bundled together, two entries would split what they share into
 * a file for each combination of entries that use it.
 */
async function writeSelection(file) {
  const selection = await rolldown({
    input: file,
    plugins: [
      {
        name: 'take the other entry as it is',
        resolveId: (id, importer) =>
          importer === undefined
            ? null
            : { id: `./${basename(id, '.ts')}.js`, external: true, moduleSideEffects: false },
      },
    ],
  })
  await selection.write({ file: join(dist, `${basename(file, '.ts')}.js`), format: 'esm' })
  await selection.close()
}

/** An `import` of `node:process` reads every export, and then Node loads 3 MB that are not used. `process` is a global anyway. */
function resolveProcess(id) {
  return id === 'node:process' ? '\0process' : null
}

function loadProcess(id) {
  return id === '\0process' ? 'export default globalThis.process' : null
}

/** Chunks have the hash of their content in their names: old ones would stay forever. */
function removeOldScripts() {
  const scripts = readdirSync(dist, { recursive: true }).filter((name) =>
    /(?<!\.d\.ts)(\.c?js|\.js\.map)$/.test(name),
  )
  for (const name of scripts) rmSync(join(dist, name))
}

/** From the settings of the compiler, so that both agree. */
function readTarget() {
  return readJson('../../tsconfig.base.json').compilerOptions.target
}

function isExternal(id, importer = '') {
  const name = /^(?:@[^/]+\/)?[^./@\\\0][^/:\\]*(?=\/|$)/.exec(id)?.[0]
  if (id === 'node:process' || name === undefined) return isBuiltin(id)
  if (name in dependencies || name in peerDependencies || isBuiltin(id)) return true
  const isOurs = !importer.includes('/node_modules/') && !importer.startsWith('\0')
  if (isOurs && !(name in devDependencies) && !id.startsWith('@oxc-project/runtime'))
    throw new Error(`${importer} imports ${name}, which package.json does not have`)
  return false
}

/** Code of others is shipped with its licences. */
function writeNotices(packages) {
  const file = join(dist, 'THIRD-PARTY-NOTICES.txt')
  rmSync(file, { force: true })
  if (packages.length === 0) return
  const notices = packages.map(
    ({ manifest: { name, version, license }, licenceText }) =>
      `${name} ${version} (${license})\n\n${licenceText.trim()}\n`,
  )
  writeFileSync(file, `The scripts in this folder contain code of these packages.\n\n${notices.join('\n')}`)
}

/** V8 keeps the text of a script forever, and with two bytes for each character if one of them is not in Latin-1. */
function keepOneBytePerCharacter() {
  for (const name of readdirSync(dist).filter((entry) => /\.c?js$/.test(entry))) {
    const text = readFileSync(join(dist, name), 'utf8')
    const escaped = text.replace(
      /[^\0-\u00ff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    writeFileSync(join(dist, name), escaped)
  }
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}
