import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import { PackageURL } from 'packageurl-js'

const builder = new Contrib.FromNodePackageJson.Builders.ComponentBuilder(
  new Contrib.FromNodePackageJson.Factories.ExternalReferenceFactory(),
  new Contrib.License.Factories.LicenseFactory(),
)

/**
 * Writes `sbom.cdx.json` (CycloneDX 1.6) into the folder of a bundle: the package in the current folder, and the packages whose code the
 * bundle contains. A package that bundles nothing has none: its `dependencies` are the list. There is no time in it, so that the same
 * sources always build the same file.
 */
export function writeBillOfMaterials(packages, folder) {
  const file = join(folder, 'sbom.cdx.json')
  rmSync(file, { force: true })
  if (packages.length === 0) return
  const bom = new Models.Bom()
  const ours = componentOf(JSON.parse(readFileSync('package.json', 'utf8')))
  bom.metadata.component = ours
  for (const { manifest } of packages) {
    const component = componentOf(manifest)
    bom.components.add(component)
    ours.dependencies.add(component.bomRef)
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6))
  writeFileSync(file, `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`)
}

function componentOf(manifest) {
  const component = builder.makeComponent(manifest, Enums.ComponentType.Library)
  const { group = null, name, version } = component
  component.purl = new PackageURL('npm', group, name, version, null, null).toString()
  component.bomRef.value = component.purl
  return component
}
