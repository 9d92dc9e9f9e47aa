import { expect, it } from 'vitest'
import { inheritedFlags } from '../../src/platform/process/inherited-flags.ts'

it('workers inherit the flags of Node, but not the script or the inspector of this process', () => {
  expect(
    inheritedFlags(['--enable-source-maps', '--import', './hooks.mjs', '--max-old-space-size=512']),
  ).toEqual(['--enable-source-maps', '--import', './hooks.mjs', '--max-old-space-size=512'])
  expect(
    inheritedFlags([
      '--input-type=module',
      '-e',
      'await 1',
      '--inspect=9229',
      '--inspect-port',
      '9230',
      '--watch-path',
      'src',
      '--no-warnings',
    ]),
  ).toEqual(['--no-warnings'])
})
