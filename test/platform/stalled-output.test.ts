import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runLockstep } from '../support/lockstep.ts'
import { isOnPath } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const command = fileURLToPath(new URL('../../packages/cli/bin/lockstep.js', import.meta.url))
const app = fileURLToPath(new URL('../fixtures/apps/hello.js', import.meta.url))
const backends = [['single', []] as const, ['cluster', ['--workers', '2']] as const]

/** A server whose output is read until it is ready, and not afterwards. */
async function startStalled(
  args: readonly string[],
  [program, ...words]: readonly string[] = [process.execPath],
) {
  const folder = temporaryFolder()
  const env = { PATH: process.env['PATH'] ?? '', XDG_RUNTIME_DIR: folder, XDG_DATA_HOME: folder }
  const child = spawn(
    program ?? '',
    [...words, command, 'run', app, '--port', '0', '--graceful-timeout', '2s', ...args],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  let text = ''
  const ready = Promise.withResolvers<void>()
  const take = (chunk: Buffer): void => {
    text += chunk
    if (/Verified:[^\n]*\n/.test(text)) ready.resolve()
  }
  child.stdout.on('data', take)
  await Promise.race([ready.promise, ended])
  child.stdout.off('data', take).pause()
  child.stderr.pause()
  const url = new URL(/https?:\/\/[\w.:]+\//.exec(text)?.[0] ?? '')
  return {
    child,
    env,
    ended,
    /** Together, the lines are more than a pipe and a buffer hold. */
    async askOften(times = 600) {
      let left = times
      const path = `/${'x'.repeat(8_000)}`
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          while (left > 0) {
            left -= 1
            const asked = request({ host: url.hostname, port: url.port, path, agent: false }).end()
            const [response] = await once(asked, 'response')
            await once(response.resume(), 'end')
          }
        }),
      )
    },
  }
}

describe.skipIf(process.platform !== 'linux').each(backends)(
  'output that is not read, under %s',
  (backend, more) => {
    it('is buffered up to a limit, lost lines are counted, and one SIGTERM ends the server', async () => {
      const { child, env, ended, askOften } = await startStalled([
        ...['--backend', backend, ...more, '--access-log', '-'],
      ])
      await askOften()
      await waitUntil(
        async () =>
          /[1-9]\d* lines of the access log lost/.test((await runLockstep(['status'], { env })).stdout),
        { what: 'the count of lost lines' },
      )
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    })

    it('is written again when its reader continues, and then the number of lost lines is reported once', async () => {
      const { child, ended, askOften } = await startStalled(['--backend', backend, '--access-log', '-'])
      await askOften()
      let text = ''
      child.stderr.on('data', (chunk) => {
        text += chunk
      })
      child.stderr.resume()
      child.stdout.resume()
      await waitUntil(() => /the access log is written again.*lost=\d+|"lost":\d+/.test(text), {
        what: 'the number of lost lines',
      })
      expect(text.match(/its lines are lost/g)).toHaveLength(1)
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    })

    it('on standard error does not block a stop', async () => {
      const { child, ended, askOften } = await startStalled([
        ...['--backend', backend, '--access-log', '/dev/stderr', '--log-level', 'debug'],
      ])
      await askOften()
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    })
  },
)

describe.skipIf(!isOnPath('python3')).each(backends)(
  'a terminal that accepts no more output, under %s',
  (backend, more) => {
    it('does not keep the server from answering or stopping', async () => {
      // The terminal is not read after the banner.
      const terminal = `
import os, pty, signal, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGTERM))
text = b''
while b'Verified:' not in text or not text.endswith(b'\\n'):
    text += os.read(fd, 1024)
sys.stdout.buffer.write(text)
sys.stdout.flush()
while True:
    try:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    except InterruptedError:
        pass`
      const { child, ended, askOften } = await startStalled(
        ['--backend', backend, ...more, '--access-log', '-'],
        ['python3', '-c', terminal, process.execPath],
      )
      await askOften()
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    })
  },
)
