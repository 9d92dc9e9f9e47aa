import { protocolOf } from './ask.mjs'
import { freePort } from './free-port.mjs'
import { startServer } from './start-server.mjs'

/** Runs Langflow by itself with a certificate, and looks at what its port speaks and what it says. */
export async function measureAlone(program, { folder, files, asWindows }) {
  const port = await freePort()
  const tls = ['--ssl-cert-file-path', files.cert, '--ssl-key-file-path', files.key]
  const args = ['run', '--backend-only', '--host', '127.0.0.1', '--port', `${port}`, '--workers', '1', ...tls]
  await using server = startServer(program, args, { folder, asWindows })
  let speaks = 'nothing'
  await server.waitUntil(async () => {
    speaks = await protocolOf(port)
    return speaks !== 'nothing'
  })
  const quote = (pattern) => pattern.exec(server.output())?.[0] ?? 'nothing'
  return { speaks, banner: quote(/Open Langflow \S+ \S+/), uvicorn: quote(/Uvicorn running on \S+/) }
}
