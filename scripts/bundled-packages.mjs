import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The bundler adds code of its own, and helpers into which newer syntax is translated. */
const codeOfTheBundler = /^\0(rolldown\/|@oxc-project\+runtime)/
const bundler = realpathSync(fileURLToPath(new URL('../node_modules/rolldown', import.meta.url)))

/** The packages of others that the modules of a bundle come from, each with its manifest and the text of its licence. */
export function bundledPackages(moduleIds) {
  const folders = moduleIds.flatMap((id) =>
    id.includes('/node_modules/') ? packageFolderOf(id) : codeOfTheBundler.test(id) ? bundler : [],
  )
  return [...new Set(folders)]
    .map(readPackage)
    .sort((one, other) => (one.manifest.name < other.manifest.name ? -1 : 1))
}

function readPackage(folder) {
  const manifest = readManifest(folder)
  const licence = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  if (!licence) throw new Error(`${manifest.name} has no file with its licence`)
  return { manifest, licenceText: readFileSync(join(folder, licence), 'utf8') }
}

/** Packages also have package.json files in folders of their own, without a name. */
function packageFolderOf(file) {
  const folder = dirname(file)
  return existsSync(join(folder, 'package.json')) && readManifest(folder).name
    ? folder
    : packageFolderOf(folder)
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}
