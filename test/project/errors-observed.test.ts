import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCatalog } from '@lockstep/core/internal'
import { expect, it } from 'vitest'
import { root } from '../docs/pages/read-page.ts'

/** Where tests and conformance cases are. */
const places = [
  'test',
  'packages/conformance/src/cases',
  ...['certs', 'conformance', 'core'].map((name) => `packages/${name}/test`),
]

it('each error of the catalogue is brought about by a test or a conformance case', () => {
  const text = places.flatMap(textsIn).join('\n')
  // Some tests leave out what all codes begin with.
  const isNamed = (code: string): boolean =>
    new RegExp(`\\b${code}\\b|'${code.replace('LOCKSTEP_ERR_', '')}'`).test(text)
  expect(Object.keys(errorCatalog).filter((code) => !isNamed(code))).toEqual([])
})

function textsIn(place: string): string[] {
  return readdirSync(join(root, place), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/^(?:docs|fixtures)\b|recipes/.test(name))
    .map((name) => readFileSync(join(root, place, name), 'utf8'))
}
