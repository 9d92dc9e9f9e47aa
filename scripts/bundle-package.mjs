// Puts the sources of a package into few files, since at a start each file costs: finding it, reading it, linking it.
//   node ../../scripts/bundle-package.mjs src/index.ts src/other-entry.ts --selection src/few.ts --inline zod --vendor winston
// run in the package's folder after the compiler, which checks and writes the declarations. Each entry becomes dist/<its name>.js,
// and what they share exists once, in shared files. Dependencies stay imports, except for those that are to be inlined, and for those that are
// vendored: a package of CommonJS that sources load by `require()` becomes dist/<its name>.cjs, with all that it depends on.
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { parseArgs } from 'node:util'
import { rolldown } from 'rolldown'

const dist = 'dist'
/** A source does nothing when it is imported, except for those that are started or that set a library up. */
const ownSideEffects = [
  {
    test: /[\\/](worker-entry|worker-start|guard-thread|config-process|register-crypto)\.[jt]s$/,
    sideEffects: true,
  },
  { test: /[\\/]packages[\\/][a-z]+[\\/](src|dist)[\\/]/, sideEffects: false },
]
/** The helper functions for translated newer syntax. They come with the bundler. */
const helpers = {
  imported: '@oxc-project/runtime',
  resolved: '\0@oxc-project+runtime',
  shippedBy: 'rolldown',
}
const {
  positionals: entries,
  values: { inline: inlined = [], vendor: vendored = [], selection: selections = [] },
} = parseArgs({
  allowPositionals: true,
  options: {
    inline: { type: 'string', multiple: true },
    vendor: { type: 'string', multiple: true },
    selection: { type: 'string', multiple: true },
  },
})

removeOldScripts()
const bundle = await rolldown({
  input: Object.fromEntries(entries.map((file) => [basename(file, '.ts'), file])),
  platform: 'node',
  external: isExternal,
  // This is only true of our sources, so package.json does not claim it. Otherwise esbuild could skip running the output files.
  treeshake: { moduleSideEffects: ownSideEffects },
  // The same target as the compiler: the oldest supported Node lacks `using`, for example.
  transform: { target: readTarget() },
  plugins: [
    { name: 'load what is vendored', transform: loadVendored },
    { name: 'take what Node has built in', transform: takeBuiltIns },
    { name: 'take the process that is there', resolveId: resolveProcess, load: loadProcess },
  ],
})
const { output } = await bundle.write({
  dir: dist,
  format: 'esm',
  sourcemap: true,
  keepNames: true,
  // Every process reads this text, and the declarations have the comments.
  comments: { legal: true, annotation: true, jsdoc: false },
})
await bundle.close()
const modules = output.flatMap(({ moduleIds = [] }) => moduleIds)
const usesHelpers = modules.some((id) => id.startsWith(helpers.resolved))
const shipped = new Set(modules.filter((id) => id.includes('/node_modules/')).map(packageFolderOf))
if (usesHelpers) shipped.add(realpathSync(join('../../node_modules', helpers.shippedBy)))
for (const name of vendored) for (const folder of await vendor(name)) shipped.add(folder)
for (const file of selections) await writeSelection(file)
writeNotices([...shipped])
keepOneBytePerCharacter()

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

/** Returns the folders of all packages that were bundled. */
async function vendor(name) {
  const whole = await rolldown({
    input: createRequire(join(process.cwd(), 'package.json')).resolve(name),
    platform: 'node',
  })
  const { output } = await whole.write({
    file: join(dist, `${name}.cjs`),
    format: 'cjs',
    keepNames: true,
    // It is never read, and each process keeps its text.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  })
  await whole.close()
  const files = output.flatMap((chunk) => Object.keys(chunk.modules ?? {})).filter((id) => isAbsolute(id))
  return new Set(files.map(packageFolderOf))
}

/** Its `require()` is one of `createRequire()`, which a bundler leaves alone. */
function loadVendored(code) {
  const changed = vendored.reduce(
    (text, name) => text.replaceAll(`require('${name}')`, `require('./${name}.cjs')`),
    code,
  )
  return changed === code ? null : { code: changed }
}

/**
 * The `require()` of a module of Node, in CommonJS that is inlined. If a bundler puts this into a host's program, it would turn the call into one
 * that throws in an ES module.
 */
function takeBuiltIns(code, id) {
  if (!id.includes('/node_modules/') || !/\.c?js$/.test(id)) return null
  const changed = code.replace(/\brequire\((['"])(?:node:)?([a-z_]+)\1\)/g, (call, _, name) =>
    isBuiltin(name) ? `process.getBuiltinModule('${name}')` : call,
  )
  return changed === code ? null : { code: changed }
}

/** An `import` of `node:process` reads every export, and then Node loads 3 MB that are not used. `process` is a global anyway. */
function resolveProcess(id) {
  return id === 'node:process' ? '\0process' : null
}

function loadProcess(id) {
  return id === '\0process' ? 'export default globalThis.process' : null
}

function packageFolderOf(file) {
  const folder = dirname(file)
  return existsSync(join(folder, 'package.json')) &&
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name
    ? folder
    : packageFolderOf(folder)
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
  return JSON.parse(readFileSync('../../tsconfig.base.json', 'utf8')).compilerOptions.target
}

function isExternal(id) {
  const isFile = id.startsWith('.') || id.startsWith('/') || /^[A-Z]:/i.test(id)
  return (
    !isFile &&
    ![helpers.imported, 'node:process', ...inlined].some((name) => id === name || id.startsWith(`${name}/`))
  )
}

/** Code of others is shipped with its licences. */
function writeNotices(folders) {
  const file = join(dist, 'THIRD-PARTY-NOTICES.txt')
  rmSync(file, { force: true })
  if (folders.length === 0) return
  const notices = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const licence = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    if (!licence) throw new Error(`${name} has no file with its licence`)
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, licence), 'utf8').trim()}\n`
  })
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
