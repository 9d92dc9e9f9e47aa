import { once } from 'node:events'
import { readdirSync, unlinkSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { asLaunchError } from '../errors/as-launch-error.ts'
import type { LaunchHandle } from '../launch-handle.ts'
import {
  controlEndpoint,
  controlFolder,
  makeControlFolder,
  publishEndpoint,
} from '../platform/control-endpoint.ts'
import { longestSocketPath } from '../platform/socket-path.ts'
import { isListening } from './control-client.ts'
import { controlPaths, type ToldFaults } from './control-messages.ts'

export interface ControlServer {
  close(): void
}

/** How many servers this process has begun to control. */
let count = 0

/** Listens for the verbs of this user. Throws when no socket can be made. */
export async function serveControl(handle: () => LaunchHandle | undefined): Promise<ControlServer> {
  const folder = controlFolder()
  makeControlFolder(folder)
  await removeStale(folder)
  count += 1
  const file = join(folder, `${process.pid}-${count}.sock`)
  const endpoint = controlEndpoint(file)
  if (endpoint === file && Buffer.byteLength(file) > longestSocketPath)
    throw new Error(`the path ${file} is too long for a socket`)

  const server = createServer((request, response) => {
    const launched = handle()
    if (launched) void answer({ request, response, handle: launched })
    // Before it is ready there is nothing to tell or to change.
    else reply(response, 503, { faults: [] } satisfies ToldFaults)
  })
  server.listen(endpoint)
  await once(server, 'listening')
  publishEndpoint(file)
  // It keeps no process alive that has nothing else to do.
  server.unref()
  return {
    close() {
      server.close()
      removeFile(file)
      server.closeAllConnections()
    },
  }
}

async function answer({
  request,
  response,
  handle,
}: {
  request: IncomingMessage
  response: ServerResponse
  handle: LaunchHandle
}): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const asked = `${request.method} ${pathname}`
  switch (asked) {
    case `GET ${controlPaths.status}`:
      return reply(response, 200, handle.status())
    case `POST ${controlPaths.reload}`:
      try {
        return reply(response, 200, await handle.reload({ cause: 'verb' }))
      } catch (error) {
        const faults = asLaunchError(error).faults.map(({ cause: _, ...fault }) => fault)
        return reply(response, 409, { faults } satisfies ToldFaults)
      }
    case `POST ${controlPaths.stop}`:
      // It ends when this server does, with the launch: whoever asked sees by that when all is over.
      response.writeHead(202).flushHeaders()
      await handle.stop({ force: searchParams.has('force') })
      return
    default:
      return reply(response, 404, { faults: [] } satisfies ToldFaults)
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

/** What a process left that was killed: nobody listens there any more. */
async function removeStale(folder: string): Promise<void> {
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.sock'))) {
    const file = join(folder, name)
    if (!(await isListening(file))) removeFile(file)
  }
}

function removeFile(file: string): void {
  try {
    unlinkSync(file)
  } catch {
    // It is gone already, which is what was wanted.
  }
}
