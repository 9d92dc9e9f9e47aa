import { once } from 'node:events'
import { connect } from 'node:tls'
import { present } from '../subjects/present.mjs'
import { certificateFolder } from '../subjects/servers.mjs'
import { caddyFront, cipherSuite, lockstepFront, nginxFront } from './fronts.mjs'
import { upstreamFolder } from './upstream.mjs'

/**
 * Lockstep, and the other fronts that can be started here, all before the one program that Lockstep has started. Throws if one of them does not
 * use the cipher suite of the others.
 */
export async function startFronts({ program, cores, largeBytes }) {
  await using stack = new AsyncDisposableStack()
  const pair = stack.use(await certificateFolder())
  const upstream = stack.use(upstreamFolder({ core: cores.clients, largeBytes }))
  const settings = { pair, core: cores.server }
  const first = stack.use(await lockstepFront.start({ ...settings, program: upstream[program] }))
  const port = upstream.port()
  const { subjects, skipped } = present([caddyFront, nginxFront])
  const servers = [{ ...lockstepFront, server: first }]
  for (const subject of subjects)
    servers.push({ ...subject, server: stack.use(await subject.start({ ...settings, upstream: port })) })
  for (const { name, server } of servers) {
    const found = await suiteOf(server)
    if (found !== `TLSv1.3 ${cipherSuite}`) throw new Error(`${name} speaks ${found}`)
  }
  const kept = stack.move()
  return {
    servers,
    skipped,
    direct: { host: '127.0.0.1', port, tls: false },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

async function suiteOf({ host, port }) {
  const socket = connect({ host, port, rejectUnauthorized: false })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(10_000) })
    return `${socket.getProtocol()} ${socket.getCipher().standardName}`
  } finally {
    socket.destroy()
  }
}
