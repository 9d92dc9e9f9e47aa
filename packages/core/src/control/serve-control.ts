import { once } from 'node:events'
import { readdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { LaunchHandle } from '../launch/launch-handle.ts'
import { longestSocketPath } from '../platform/net/address/socket-path.ts'
import {
  controlEndpoint,
  controlFolder,
  makeControlFolder,
  publishEndpoint,
} from '../platform/net/control-endpoint.ts'
import { http } from '../platform/node/node-http.ts'
import { OwnResponse } from '../platform/node/own-response.ts'
import { ownServer } from '../platform/node/own-servers.ts'
import { answerRequests } from './answer-request.ts'
import { isListening } from './control-client.ts'
import { controlLimits } from './control-limits.ts'
import { limitConnections } from './limit-connections.ts'

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

  const server = http.createServer(
    { maxHeaderSize: controlLimits.requestBytes, keepAliveTimeout: 1, ServerResponse: OwnResponse },
    answerRequests(handle),
  )
  limitConnections(server)
  ownServer(server).listen(endpoint)
  await once(server, 'listening')
  // Without a free descriptor a verb does not get through; the server goes on.
  server.on('error', () => undefined)
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

/** What a killed process has left: no process listens there any more. */
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
