import { expect, it } from 'vitest'
import { runLockstep } from '../support/lockstep.ts'
import { isOnPath } from '../support/programs.ts'
import { followStory } from './pages/follow-story.ts'
import type { Block, Kind } from './pages/read-page.ts'

// The examples of `lockstep --help`, run one after another by a user who has the files that they name.

const server = `import argparse, http.server
parser = argparse.ArgumentParser()
parser.add_argument('--port', type=int)
address = ('127.0.0.1', parser.parse_args().port)
http.server.HTTPServer(address, http.server.SimpleHTTPRequestHandler).serve_forever()
`

const block = (text: string, kind: Kind): Block => ({ page: '--help', line: 0, language: 'sh', text, kind })
const command = (text: string): Block =>
  block(`${text}\n`, { kind: 'run', story: 'help', exits: 0, serves: false, with: [] })

it.skipIf(!isOnPath('python'))('each example of the help works', { timeout: 60_000 }, async () => {
  const { stdout } = await runLockstep(['--help'])
  const [, section = ''] = /^Examples\n((?: {2}.+\n)+)/m.exec(stdout) ?? []
  const examples = section
    .trim()
    .split('\n')
    .map((line) => line.trim())
  expect(examples.length).toBeGreaterThan(3)
  await followStory('help', [
    block(server, { kind: 'file', path: 'server.py', stories: ['help'] }),
    command('lockstep cert create localhost --out .'),
    ...examples.map(command),
  ])
})
