// What a packed package must contain, and what it must not.
import { execFileSync } from 'node:child_process'
import { packedPages } from './copy-docs.mjs'

/** Files that npm packs whatever `files` says, and that a user looks for. */
const always = ['package.json', 'README.md', 'LICENSE']

/** Returns one sentence for each thing that is wrong with the contents of a tarball. */
export function tarballFaults(file) {
  return contentFaults(readTarball(file))
}

/** The manifest in a tarball, and the paths of its files. */
export function readTarball(file) {
  const names = tar('-tzf', file)
    .split('\n')
    .filter((name) => name !== '' && !name.endsWith('/'))
    .map((name) => name.replace(/^package\//, ''))
  return { manifest: JSON.parse(tar('-xzOf', file, 'package/package.json')), names }
}

export function contentFaults({ manifest, names }) {
  const listed = (manifest.files ?? []).filter((entry) => !entry.startsWith('!'))
  const isListed = (name) => listed.some((entry) => name === entry || name.startsWith(`${entry}/`))
  // Errors and help point to them.
  const pages = listed.includes('docs') ? packedPages().map((name) => `docs/${name}`) : []
  const promised = [
    ...pages,
    ...always,
    'CHANGELOG.md',
    ...targetsOf(manifest.exports),
    ...targetsOf(manifest.bin),
    ...targetsOf(manifest.man),
  ]
  return [
    ...promised.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
    ...names
      .filter((name) => !always.includes(name) && !isListed(name))
      .map((name) => `${name} is not in "files" of package.json`),
    ...names
      .filter((name) => /\.(tsbuildinfo|tgz|log)$|(^|\/)(test|node_modules)\//.test(name))
      .map((name) => `${name} is not for users`),
    ...Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })
      .filter(([, range]) => range.includes(':'))
      .map(([name, range]) => `${name} is ${range}, which only this workspace understands`),
  ]
}

/** The files to which the entries of `exports` or `bin` point, through all conditions. */
function targetsOf(entry) {
  if (typeof entry === 'string') return [entry.replace(/^\.\//, '')]
  return Object.values(entry ?? {}).flatMap(targetsOf)
}

function tar(...args) {
  return execFileSync('tar', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
}
