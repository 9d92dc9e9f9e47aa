// The programs that play the app of the suite answer each route that the documentation names, in the same form.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { runSuite, subjectPrograms } from '@lockstep/conformance'
import { singleBackend } from '@lockstep/core/backend'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { waitUntil } from '../../../test/support/wait-until.ts'

const guide = readFileSync(new URL('../../../docs/writing-a-backend.md', import.meta.url), 'utf8')
const routes = [...guide.matchAll(/^\| `(\/[\w-]+)(?:\?ms=N)?` +\|/gm)].map(([, path = '']) => path)
const app = fileURLToPath(new URL('../dist/apps/observable-app.js', import.meta.url))

/** The one that the program needs. */
const isNewPython = 'import sys; sys.exit(sys.version_info < (3, 10))'
const hasPython = spawnSync('python3', ['-c', isNewPython]).status === 0

const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

async function start(name: keyof typeof subjectPrograms): Promise<{ url: string; child: ChildProcess }> {
  const held = createServer().listen(0, '127.0.0.1')
  await once(held, 'listening')
  const address = held.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await new Promise((resolve) => held.close(resolve))
  const values = { '{node}': process.execPath, '{file}': app, '{app}': 'observable', '{port}': String(port) }
  const [program, ...words] = subjectPrograms[name].command.map((word) => values[word as '{node}'] ?? word)
  const child = spawn(program ?? '', words, { stdio: ['pipe', 'ignore', 'inherit'], cwd: temporaryFolder() })
  children.push(child)
  const url = `http://127.0.0.1:${port}`
  const isUp = (): Promise<boolean> =>
    fetch(`${url}/pid`).then(
      () => true,
      () => false,
    )
  await waitUntil(isUp, { deadlineMs: 30_000, what: `the program ${name}` })
  return { url, child }
}

describe.skipIf(!hasPython)('the subject programs (they need Python 3.10)', { timeout: 60_000 }, () => {
  let urls: { readonly node: string; readonly python: string }
  let python: ChildProcess
  beforeAll(async () => {
    const [inNode, inPython] = await Promise.all([start('node'), start('python')])
    urls = { node: inNode.url, python: inPython.url }
    python = inPython.child
  }, 60_000)

  it('are described route by route', () => {
    expect(routes).toEqual(
      expect.arrayContaining(['/exchange', '/claims', '/slow', '/block', '/large-in-pieces']),
    )
    expect(routes.length).toBeGreaterThanOrEqual(13)
  })

  it.each(routes.filter((path) => path !== '/crash'))('answer alike: %s', async (path) => {
    const ask = async (url: string) => {
      const headers = { 'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Proto': 'https' }
      const response = await fetch(`${url}${path}?ms=5`, { method: 'POST', body: 'four', headers })
      const text = await response.text()
      const length = Number(response.headers.get('content-length'))
      if (path.startsWith('/large')) return { length, keys: [] }
      const facts = JSON.parse(text) as object
      return { length: path === '/block' ? null : length - text.length, keys: Object.keys(facts).sort() }
    }
    const { length, keys } = await ask(urls.node)
    expect(await ask(urls.python)).toMatchObject({ length, keys: expect.arrayContaining(keys) })
  })

  it('end when their input ends', async () => {
    python.stdin?.end()
    const [code] = (await once(python, 'exit', { signal: AbortSignal.timeout(20_000) })) as [number]
    expect(code).toBe(0)
  })
})

it('are refused for a backend that does not run programs', async () => {
  const subject = { backend: singleBackend, backendName: 'single', program: 'python' } as const
  await expect(runSuite(subject, { cases: 'app/module/*' })).rejects.toThrow(
    "The backend single does not run programs: its `runs` lacks 'command'.",
  )
})
