import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlinkSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freePort } from '../support/failed-launch.ts'
import { startLockstep } from '../support/lockstep.ts'
import { isOnPath, run } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'
import { readBlocks } from './pages/read-page.ts'
import { storyModules } from './pages/story-modules.ts'

// The parts of configurations in docs/behind-a-proxy.md, in the proxies that they are for. Only ports are replaced.

const blocks = readBlocks('docs/behind-a-proxy.md')

function recipe(name: string): string {
  const found = blocks.find(({ kind }) => kind?.kind === 'recipe' && kind.name === name)
  if (!found) throw new Error(`docs/behind-a-proxy.md has no recipe ${name}`)
  return found.text
}

interface Proxy {
  readonly recipe: string
  readonly program: 'nginx' | 'haproxy'
  /** The flags that the page names for it. */
  readonly flags: readonly string[]
  /** Whether the proxy passes TLS on. */
  readonly passesTls: boolean
  configuration(part: string, port: number, folder: string): string
}

const timeouts = 'timeout connect 5s\n timeout client 5s\n timeout server 5s'
const proxies: readonly Proxy[] = [
  {
    recipe: 'nginx',
    program: 'nginx',
    flags: ['--forwarded-allow-ips', '127.0.0.1,::1'],
    passesTls: false,
    configuration: (part, port, folder) =>
      `${ofNginx(folder)} http { access_log off; ${temporaryPaths(folder)} server { listen 127.0.0.1:${port}; ${part} } }`,
  },
  {
    recipe: 'nginx-tls',
    program: 'nginx',
    flags: ['--proxy-protocol', 'require', '--forwarded-allow-ips', '127.0.0.1'],
    passesTls: true,
    configuration: (part, port, folder) =>
      `${ofNginx(folder)} ${part.replace('listen 443', `listen 127.0.0.1:${port}`)}`,
  },
  {
    recipe: 'haproxy',
    program: 'haproxy',
    flags: ['--forwarded-allow-ips', '127.0.0.1'],
    passesTls: false,
    configuration: (part, port) =>
      `defaults\n ${timeouts}\nfrontend in\n mode http\n bind 127.0.0.1:${port}\n default_backend app\n${part}`,
  },
  {
    recipe: 'haproxy-tls',
    program: 'haproxy',
    flags: ['--proxy-protocol', 'require', '--forwarded-allow-ips', '127.0.0.1'],
    passesTls: true,
    configuration: (part, port) =>
      `defaults\n ${timeouts}\nfrontend in\n mode tcp\n bind 127.0.0.1:${port}\n default_backend app-tls\n${part}`,
  },
]

function ofNginx(folder: string): string {
  return `daemon off; pid ${folder}/pid; error_log stderr; events {}`
}

function temporaryPaths(folder: string): string {
  return ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
}

const app = blocks.find(({ kind }) => kind?.kind === 'file')?.text ?? ''

it('has a test for each part', () => {
  const named = blocks.flatMap(({ kind }) => (kind?.kind === 'recipe' ? [kind.name] : []))
  expect(named.sort()).toEqual(proxies.map(({ recipe: name }) => name).sort())
})

for (const { recipe: name, program, flags, passesTls, configuration } of proxies) {
  const unable = process.platform === 'win32' || !isOnPath(program)
  it.skipIf(unable)(
    `${program} passes on who the client is: ${name}`,
    { timeout: 60_000 },
    async (context) => {
      const folder = temporaryFolder()
      writeFileSync(join(folder, 'app.js'), app)
      symlinkSync(await storyModules(), join(folder, 'node_modules'))
      const tls = passesTls ? ['--tls-self-signed'] : []
      await using server = await startLockstep(['run', 'app.js', '--port', '0', ...flags, ...tls], {
        cwd: folder,
      })
      const port = await freePort()
      const part = recipe(name).replaceAll(/127\.0\.0\.1:3\d{3}\b/g, `127.0.0.1:${server.port}`)
      const file = join(folder, 'proxy.conf')
      writeFileSync(file, `${configuration(part, port, folder)}\n`)
      const words = program === 'nginx' ? ['-e', 'stderr', '-c', file] : ['-db', '-f', file]
      const test = await run(program, [
        program === 'nginx' ? '-t' : '-c',
        ...words.filter((word) => word !== '-db'),
      ])
      // Debian has this part of nginx in a package of its own.
      if (/unknown directive "stream"/.test(test.stderr)) return context.skip('nginx has no module stream')
      expect(test, test.stderr).toMatchObject({ code: 0 })
      const child = spawn(program, words, { stdio: 'ignore' })
      const ended = once(child, 'exit')
      try {
        await listens(port)
        const scheme = passesTls ? 'https' : 'http'
        const forged = ['-H', 'X-Forwarded-For: 203.0.113.9', '-H', 'X-Forwarded-Proto: https']
        const { stdout } = await run('curl', ['-sSk', ...forged, `${scheme}://127.0.0.1:${port}/`])
        // Over TLS the proxy adds nothing to the request, so what the client says of itself counts only if it is a trusted proxy.
        expect(stdout).toBe(
          passesTls
            ? `203.0.113.9 asked for https://127.0.0.1:${port}\n`
            : `203.0.113.9 asked for http://127.0.0.1:${port}\n`,
        )
      } finally {
        child.kill('SIGTERM')
        await ended
      }
    },
  )
}

async function listens(port: number): Promise<void> {
  const isOpen = async (): Promise<boolean> => {
    const socket = createConnection(port, '127.0.0.1')
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    return open
  }
  await waitUntil(isOpen, { deadlineMs: 20_000, what: `a listener on port ${port}` })
}
