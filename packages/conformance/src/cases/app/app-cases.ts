import assert from 'node:assert/strict'
import { win32 } from 'node:path'
import { appFile } from '../../app-file.ts'
import { request } from '../../clients/http/node-client.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

export const appCases: readonly ConformanceCase[] = [
  {
    id: 'app/args/stand-in-process-argv',
    level: 'MUST',
    requirement:
      "In every process that serves, process.argv holds the app's file and its exact arguments, and nothing of the launcher.",
    source: 'docs/options.md: args',
    observes: ['args'],
    async run({ start, apps }) {
      const args = ['--env', 'prod', '-p=1', 'two words', '', '--']
      const subject = await start({ args })
      const { body } = await request({ ...subject, path: '/arguments' })
      const { words } = JSON.parse(body) as { words: string[] }
      // It reads a path of Windows as well as one of POSIX.
      assert.equal(win32.basename(words[0] ?? ''), win32.basename(apps.observable))
      assert.deepEqual(words.slice(1), args)
    },
  },
  {
    id: 'app/import/comes-before-the-app',
    level: 'MUST',
    requirement:
      'Every process that serves loads the modules of import in their order, each once, before the app.',
    source: 'docs/options.md: import',
    observes: ['import'],
    contract: ['node/import'],
    async run({ start }) {
      const subject = await start({
        app: appFile('imports/shows-imports-app'),
        import: [appFile('imports/imported-next'), appFile('imports/imported-module')],
      })
      const { body } = await request({ ...subject })
      assert.deepEqual(JSON.parse(body), ['imported-next', 'imported-module'])
    },
  },
  {
    id: 'app/module/serves-the-named-module',
    level: 'MUST',
    requirement: 'The server answers with the named module.',
    source: 'DESIGN: options',
    observes: ['app'],
    contract: ['export/default'],
    async run({ start }) {
      const subject = await start()
      const seen = await request({ ...subject, path: '/somewhere' })
      assert.deepEqual([seen.status, JSON.parse(seen.body)], [200, { app: 'observable', path: '/somewhere' }])
    },
  },
  {
    id: 'app/interface/fetch-function-by-word',
    level: 'MUST',
    requirement: 'A launch accepts a bare Fetch API function only when the option interface says fetch.',
    source: 'docs/options.md: interface',
    observes: ['interface'],
    async run({ start, startRefused, apps }) {
      const subject = await start({ app: apps.fetchFunction, interface: 'fetch' })
      const seen = await request({ ...subject, path: '/x' })
      assert.deepEqual([seen.status, JSON.parse(seen.body)], [200, { app: 'fetch function', path: '/x' }])
      const failure = await startRefused({ app: apps.fetchFunction })
      assert.equal(failure.code, 'LOCKSTEP_ERR_APP_UNRECOGNISED')
    },
  },
  {
    id: 'app/boot-timeout/ends-the-launch',
    level: 'MUST',
    requirement: 'A launch fails when the app is not ready within the boot timeout.',
    source: 'docs/options.md: timeouts.boot',
    observes: ['timeouts.boot'],
    contract: ['process/never ready'],
    async run({ startRefused, apps }) {
      const started = performance.now()
      const failure = await startRefused({ app: apps.neverReady, timeouts: { boot: '300ms' } })
      assert.equal(failure.code, 'LOCKSTEP_ERR_BOOT_TIMEOUT')
      const tookMs = performance.now() - started
      assert.ok(tookMs < 20_000, `it took ${tookMs} ms`)
    },
  },
]
