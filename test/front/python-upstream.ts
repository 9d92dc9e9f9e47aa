// Real Gunicorn and Uvicorn behind a front, on a UNIX socket, with an app that records what it sees.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type RecordedRequest,
  recordsIn,
} from '../../packages/conformance/src/cases/hardening/recorded-requests.ts'
import { type PeerName, peer } from '../../scripts/peers/peers.mjs'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

export interface PythonUpstream extends AsyncDisposable {
  readonly path: string
  /** What came since the last call. */
  recorded(): Promise<RecordedRequest[]>
}

export interface PythonServer {
  readonly program: PeerName
  /** Behind the program's name. `{socket}` is the path of the UNIX socket. */
  readonly args: readonly string[]
}

const marker = '/all-recorded'

const pythonPath = ['../../packages/conformance/python', '../fixtures/programs'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
)

/** Throws with the cure if the program isn't set up. */
export async function pythonUpstream({ program, args }: PythonServer): Promise<PythonUpstream> {
  const folder = temporaryFolder()
  const path = join(folder, 'upstream.sock')
  const child = spawn(
    peer(program),
    args.map((arg) => arg.replace('{socket}', path)),
    {
      cwd: folder,
      env: { ...process.env, PYTHONPATH: pythonPath.join(':') },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      written += String(text)
    })
  const exited = once(child, 'exit')
  await waitUntil(
    async () => {
      if (child.exitCode !== null) throw new Error(`${program} ended: ${written}`)
      return listensAt(path)
    },
    { deadlineMs: 20_000, what: () => `${program} to listen: ${written}` },
  )
  const records = recordsIn(folder)
  return {
    path,
    async recorded() {
      // It is on its own clock: what came before this request is recorded when this one is answered.
      const asked = get({ socketPath: path, path: marker, agent: false })
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      answer.resume()
      await once(answer, 'end')
      return records().filter(({ target }) => target !== marker)
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await exited
      clearTimeout(late)
    },
  }
}

async function listensAt(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
