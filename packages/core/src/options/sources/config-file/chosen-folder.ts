import { resolveOptions } from '../../resolve-options.ts'
import type { RawValue, SourceKind } from '../raw-options.ts'

/**
 * The values with `chdir` as the folder where their relative paths start, as if each had been written there. Values in files keep
 * the folder of their file, wherever the server runs.
 */
export function startingInChosenFolder(values: readonly RawValue[]): readonly RawValue[] {
  const { chdir } = resolveOptions(values.filter(({ name }) => name === 'chdir')).options
  const folder = chdir.value
  if (folder === null) return values
  return values.map((value) =>
    value.name !== 'chdir' && moving.has(value.source.kind)
      ? { ...value, source: { ...value.source, directory: folder } }
      : value,
  )
}

const moving: ReadonlySet<SourceKind> = new Set(['environment', 'api', 'argv'])
