import { expect, it } from 'vitest'
import { findInspector } from '../../src/platform/node/inspector-ports.ts'
import { readNodeOptions } from '../../src/platform/node/read-node-options.ts'

it.each([
  [[], null],
  [['--inspect-port=9300', '--no-warnings'], null],
  [['--inspect'], { flag: '--inspect', host: null, port: 9_229 }],
  [['--inspect=9300'], { flag: '--inspect', host: null, port: 9_300 }],
  [['--inspect-brk=0.0.0.0:0'], { flag: '--inspect-brk', host: '0.0.0.0', port: 0 }],
  [['--inspect-wait=[::1]'], { flag: '--inspect-wait', host: '[::1]', port: 9_229 }],
  [['--inspect=[::1]:9300'], { flag: '--inspect', host: '[::1]', port: 9_300 }],
  [['--inspect', '--inspect-port', '9300'], { flag: '--inspect', host: null, port: 9_300 }],
  [['--inspect=9300', '--inspect-port=0.0.0.0:9400'], { flag: '--inspect', host: '0.0.0.0', port: 9_400 }],
  [['--inspect', 'app.js'], { flag: '--inspect', host: null, port: 9_229 }],
])('finds the inspector port in %j', (words, inspector) => {
  expect(findInspector(words)).toEqual(inspector)
})

it('splits NODE_OPTIONS as Node does', () => {
  expect(readNodeOptions('  --require "./a b.js"  --title=x\\y --import "C:\\\\n\\"q" ""')).toEqual([
    '--require',
    './a b.js',
    '--title=x\\y',
    '--import',
    'C:\\n"q',
  ])
  expect(readNodeOptions('')).toEqual([])
})
