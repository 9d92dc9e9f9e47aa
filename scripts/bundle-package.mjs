// Puts the sources of a package into few files, since at a start each file costs: finding it, reading it, linking it.
//   node ../../scripts/bundle-package.mjs src/index.ts src/other-entry.ts --inline zod
// run in the package's folder after the compiler, which checks and writes the declarations. Each entry becomes dist/<its name>.js,
// and what they share stands once, beside them. Dependencies stay imports, but for those that are to be inlined.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { rolldown } from 'rolldown'

const dist = 'dist'
/** What newer syntax is translated into calls of. It comes with the bundler. */
const helpers = {
  imported: '@oxc-project/runtime',
  resolved: '\0@oxc-project+runtime',
  shippedBy: 'rolldown',
}
const {
  positionals: entries,
  values: { inline: inlined = [] },
} = parseArgs({ allowPositionals: true, options: { inline: { type: 'string', multiple: true } } })

removeOldScripts()
const bundle = await rolldown({
  input: Object.fromEntries(entries.map((file) => [basename(file, '.ts'), file])),
  platform: 'node',
  external: isExternal,
  // As the compiler would have it: the oldest Node that is supported knows no `using`, for one.
  transform: { target: readTarget() },
})
const { output } = await bundle.write({ dir: dist, format: 'esm', sourcemap: true, keepNames: true })
await bundle.close()
const modules = output.flatMap(({ moduleIds = [] }) => moduleIds)
const usesHelpers = modules.some((id) => id.startsWith(helpers.resolved))
writeNotices([
  ...inlined.map((name) => join('node_modules', name)),
  ...(usesHelpers ? [join('../../node_modules', helpers.shippedBy)] : []),
])

/** Chunks have the hash of their content in their names: old ones would stay for ever. */
function removeOldScripts() {
  const scripts = readdirSync(dist, { recursive: true }).filter((name) =>
    /(?<!\.d\.ts)(\.js|\.js\.map)$/.test(name),
  )
  for (const name of scripts) rmSync(join(dist, name))
}

/** From the settings of the compiler, so that both agree. */
function readTarget() {
  return JSON.parse(readFileSync('../../tsconfig.base.json', 'utf8')).compilerOptions.target
}

function isExternal(id) {
  const isFile = id.startsWith('.') || id.startsWith('/') || /^[A-Z]:/i.test(id)
  return !isFile && ![helpers.imported, ...inlined].some((name) => id === name || id.startsWith(`${name}/`))
}

/** Whoever ships the code of others ships their licences. */
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
