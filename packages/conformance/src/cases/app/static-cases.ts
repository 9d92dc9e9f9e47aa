import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { request } from '../../clients/http/node-client.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const page = '<h1>page</h1>\n'
const script = 'console.log("script")\n'

/** A folder with files inside it and beside it. */
function site(folder: string, single = false) {
  const directory = join(folder, 'site')
  mkdirSync(join(directory, 'assets'), { recursive: true })
  writeFileSync(join(directory, 'index.html'), page)
  writeFileSync(join(directory, 'assets', 'app.js'), script)
  writeFileSync(join(directory, '.secret'), 'hidden\n')
  writeFileSync(join(folder, 'beside.txt'), 'beside\n')
  return { app: undefined, static: { directory, ...(single && { single }) } }
}

export const staticCases: readonly ConformanceCase[] = [
  {
    id: 'app/static/serves-the-files-of-the-folder',
    level: 'MUST',
    requirement:
      'The server answers with the files of the folder, and with index.html for the folder itself.',
    source: 'docs/options.md: static.directory',
    observes: ['static.directory'],
    async run({ start, folder }) {
      const subject = await start(site(folder))
      const index = await request({ ...subject, path: '/' })
      assert.deepEqual([index.status, index.body], [200, page])
      assert.match(index.headers['content-type'] ?? '', /^text\/html/)
      const file = await request({ ...subject, path: '/assets/app.js?v=1' })
      assert.deepEqual([file.status, file.body], [200, script])
      assert.match(file.headers['content-type'] ?? '', /^(?:text|application)\/javascript/)
      assert.equal((await request({ ...subject, path: '/nowhere' })).status, 404)
    },
  },
  {
    id: 'app/static/serves-nothing-else',
    level: 'MUST',
    requirement: 'A path that leaves the folder, or has a part that begins with a dot, is answered with 404.',
    source: 'docs/options.md: static.directory',
    observes: ['static.directory'],
    async run({ start, folder }) {
      const subject = await start(site(folder))
      assert.equal((await request({ ...subject, path: '/' })).status, 200)
      for (const path of [
        '/../beside.txt',
        '/assets/../../beside.txt',
        '/%2e%2e/beside.txt',
        '/..%2fbeside.txt',
        '/..%5cbeside.txt',
        '//../beside.txt',
        '/.secret',
        '/%2esecret',
        '/assets%00.js',
      ]) {
        const seen = await request({ ...subject, path })
        assert.equal(seen.status, 404, path)
      }
    },
  },
  {
    id: 'app/static/single-page-app',
    level: 'MUST',
    requirement:
      'With static.single, a missing page is answered with /index.html, and a missing file with 404.',
    source: 'docs/options.md: static.single',
    observes: ['static.single'],
    async run({ start, folder }) {
      const subject = await start(site(folder, true))
      const seen = await request({ ...subject, path: '/orders/17' })
      assert.deepEqual([seen.status, seen.body], [200, page])
      assert.equal((await request({ ...subject, path: '/assets/old.js' })).status, 404)
    },
  },
]
