// What Ctrl-C does in a real terminal. It reaches every process of the server, and npm, which passes it on once more.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { liveProcesses, waitUntilGone } from '../support/processes.ts'
import { isOnPath } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const command = fileURLToPath(new URL('../../packages/cli/bin/lockstep.js', import.meta.url))

/** Copies both ways between a new terminal and its own streams, and ends as its command. */
const terminal = `
import os, pty, select, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    ready, _, _ = select.select([fd, 0], [], [])
    try:
        if fd in ready:
            data = os.read(fd, 65536)
            if not data:
                break
            os.write(1, data)
    except OSError:
        break
    if 0 in ready:
        os.write(fd, os.read(0, 1024))
os.waitpid(pid, 0)`

const app = `import http from 'node:http'
http.createServer((request, response) => {
  response.write('begun ')
  setTimeout(() => response.end('ended'), Number(request.url.slice(1)))
}).listen(0, '127.0.0.1')
`

/** A package with the command installed, as a user has it. */
function writePackage(backend: string): string {
  const folder = temporaryFolder()
  const bin = join(folder, 'node_modules', '.bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'lockstep'), `#!/bin/sh\nexec '${process.execPath}' '${command}' "$@"\n`)
  chmodSync(join(bin, 'lockstep'), 0o755)
  writeFileSync(join(folder, 'app.mjs'), app)
  const scripts = { start: `lockstep run app.mjs --backend ${backend}` }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'app', private: true, scripts }))
  return folder
}

async function startInTerminal(words: readonly string[], backend: string) {
  const cwd = writePackage(backend)
  const id = randomUUID()
  const child = spawn('python3', ['-c', terminal, ...words], {
    cwd,
    // This shell becomes the command, so that the copy of Ctrl-C that npm passes on reaches it too. Others keep it to themselves.
    env: {
      ...process.env,
      npm_config_script_shell: 'bash',
      NO_COLOR: '1',
      COLUMNS: '10000',
      XDG_RUNTIME_DIR: cwd,
      TEST_LAUNCH_ID: id,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  let screen = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
  })
  const shows = (text: string | RegExp) =>
    waitUntil(() => screen.search(text) >= 0, {
      what: () => `"${text}" on the screen:\n${screen}`,
      deadlineMs: 20_000,
    })
  await shows('Verified:')
  return {
    url: /http:\/\/[^\s]+/.exec(screen)?.[0] ?? '',
    shows,
    screen: () => screen,
    pressCtrlC: () => void child.stdin.write('\x03'),
    ended,
    async [Symbol.asyncDispose]() {
      for (const pid of liveProcesses(id)) process.kill(pid, 'SIGKILL')
      await ended
      await waitUntilGone(() => liveProcesses(id))
    },
  }
}

const run = ['lockstep', 'run', 'app.mjs', '--backend']
const ways = ['single', 'cluster'].flatMap((backend) => [
  { how: 'npm start', words: ['npm', 'start'], backend },
  { how: 'npx', words: ['npx', ...run, backend], backend },
  { how: 'itself', words: [join('node_modules', '.bin', 'lockstep'), ...run.slice(1), backend], backend },
])

describe.skipIf(!['python3', 'npm', 'bash'].every(isOnPath)).each(ways)(
  'Ctrl-C in the terminal of $how, under $backend',
  ({ words, backend }) => {
    it('is one stop, in which requests in flight end', async () => {
      await using server = await startInTerminal(words, backend)
      const response = await fetch(`${server.url}1500`)
      server.pressCtrlC()
      expect(await response.text()).toBe('begun ended')
      await server.ended
      expect(server.screen()).toMatch(/stopping: waiting for requests in flight[\s\S]*stopped/)
      expect(server.screen()).not.toContain('at once')
    })

    it('that is pressed again cuts them', async () => {
      await using server = await startInTerminal(words, backend)
      const cut = fetch(`${server.url}60000`).then((response) =>
        expect(response.text()).rejects.toThrow('terminated'),
      )
      await waitUntil(() => fetch(`${server.url}0`).then(() => true), { what: 'an answer' })
      server.pressCtrlC()
      await server.shows('stopping: waiting for requests in flight')
      // Within half a second it would be the same key press.
      await waitUntil(
        () => {
          server.pressCtrlC()
          return server.screen().includes('stopping at once')
        },
        { what: 'the second Ctrl-C to be taken' },
      )
      await cut
      await server.ended
    })
  },
)
