// What the package.json, the README, the change log and the licence of a published package must have.
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { packageFolders, readJson, rootFolder } from '../workspace.mjs'

export const repositoryUrl = 'https://github.com/lockstep-run/lockstep'

/** Returns one sentence for each thing that is missing or wrong in the packages of a workspace. */
export function manifestFaults(root = rootFolder) {
  const packages = packageFolders(root).map((folder) => ({
    folder,
    manifest: readJson(join(folder, 'package.json')),
  }))
  const [{ manifest: first }] = packages
  const versions = new Map(packages.map(({ manifest }) => [manifest.name, manifest.version]))
  return [
    ...packages.flatMap(({ folder, manifest }) => {
      const wrong = [
        ...wrongFields(folder, manifest, first),
        ...wrongVersions(manifest, versions),
        ...wrongFiles(root, folder, manifest),
      ]
      return wrong.map((text) => `${manifest.name}: ${text}`)
    }),
    ...wrongChangeLog(root),
  ]
}

/** npm shows these fields, and refuses provenance without the address of the repository. */
function wrongFields(folder, manifest, first) {
  const directory = `packages/${basename(folder)}`
  const expected = {
    homepage: `${repositoryUrl}/tree/main/${directory}#readme`,
    bugs: { url: `${repositoryUrl}/issues` },
    repository: { type: 'git', url: `git+${repositoryUrl}.git`, directory },
    license: 'MIT',
    author: 'Lockstep contributors',
    engines: first.engines,
    publishConfig: { access: 'public', provenance: true },
  }
  const different = Object.entries(expected)
    .filter(([name, value]) => JSON.stringify(manifest[name]) !== JSON.stringify(value))
    .map(([name, value]) => `"${name}" in package.json must be ${JSON.stringify(value)}`)
  return [
    ...different,
    ...(manifest.engines?.node ? [] : ['"engines" in package.json must name a version of Node']),
    ...(manifest.description?.endsWith('.') ? [] : ['"description" in package.json must be a sentence']),
    ...(manifest.keywords?.length >= 3 ? [] : ['"keywords" in package.json must have three words or more']),
  ]
}

/** One version for all, and exact ones among them: a core of one release with a command of another was never tested. */
function wrongVersions({ name, version, dependencies = {}, peerDependencies = {} }, versions) {
  const [expected] = versions.values()
  return [
    ...(version === expected ? [] : [`the version is ${version}, that of the first package ${expected}`]),
    ...[...Object.entries(dependencies), ...Object.entries(peerDependencies)]
      .filter(([other, range]) => versions.has(other) && versions.get(other) !== range)
      .map(([other, range]) => `depends on ${other} ${range}, which is at ${versions.get(other)}`),
    ...(name in dependencies ? ['depends on itself'] : []),
  ]
}

function wrongFiles(root, folder, { name, version, files = [] }) {
  const read = (file) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '')
  const readme = read('README.md')
  return [
    ...(read('LICENSE') === readFileSync(join(root, 'LICENSE'), 'utf8')
      ? []
      : ['LICENSE must be a copy of the one at the root']),
    ...(readme.startsWith(`# ${name}\n`) ? [] : [`README.md must begin with "# ${name}"`]),
    ...(/^```js\n/m.test(readme) ? [] : ['README.md must have an example in JavaScript']),
    ...(readme.includes(`](${repositoryUrl}`) ? [] : ['README.md must link to the repository']),
    ...(read('CHANGELOG.md').startsWith(`# ${name}\n\n## ${version}\n`)
      ? []
      : [`CHANGELOG.md must begin with "# ${name}" and "## ${version}"`]),
    // npm packs the licence and the README of itself.
    ...(files.includes('CHANGELOG.md') ? [] : ['"files" in package.json must list CHANGELOG.md']),
  ]
}

/** The change log at the root is for readers of the repository. */
function wrongChangeLog(root) {
  const [atRoot, ofCommand] = ['CHANGELOG.md', 'packages/cli/CHANGELOG.md'].map((file) =>
    existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '',
  )
  return atRoot === ofCommand ? [] : ['CHANGELOG.md must be a copy of packages/cli/CHANGELOG.md']
}
