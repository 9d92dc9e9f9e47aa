import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'node:tls'
import { keepAliveClient, oneShotClient } from '../load/http-clients.mjs'
import { startLoad } from '../load/steady-load.mjs'
import { certificateFolder } from '../subjects/servers.mjs'
import { lockstepFront } from './fronts.mjs'
import { upstreamFolder } from './upstream.mjs'

const instances = 2
const clientsOfEach = 8
const pauseMs = 5
const restMs = 300

/** Requests that are lost while the instances of the program are replaced, and while the certificate is. */
export async function restarts({ reloads, certificates }) {
  using pair = await certificateFolder()
  using upstream = upstreamFolder()
  await using server = await lockstepFront.start({
    pair,
    program: upstream.nginx,
    flags: ['--workers', String(instances), '--no-tls-watch'],
  })
  const ports = new Set([upstream.port()])
  const instancesReplaced = await underLoad(server, reloads, async () => {
    await server.reload()
    ports.add(upstream.port())
  })
  const shownCertificates = new Set([await certificateOf(server)])
  const certificatesReplaced = await underLoad(server, certificates, async () => {
    await pair.renew()
    await server.reload('--tls-only')
    shownCertificates.add(await certificateOf(server))
  })
  return {
    figures: [
      figure(instancesReplaced, {
        what: `requests lost while ${instances} instances of the program are replaced`,
        times: reloads,
        seen: ports.size - 1,
      }),
      figure(certificatesReplaced, {
        what: 'requests lost over reloads of the certificate',
        times: certificates,
        seen: shownCertificates.size - 1,
      }),
    ],
  }
}

async function underLoad({ url }, times, replace) {
  const kinds = [keepAliveClient, oneShotClient]
  const clients = kinds.flatMap((client) =>
    Array.from({ length: clientsOfEach }, () => client(url, { wanted: /^hello$/ })),
  )
  const load = startLoad(clients, { pauseMs })
  await pause(restMs)
  for (let done = 0; done < times; done += 1) {
    await replace()
    await pause(restMs)
  }
  return load.stop()
}

/** `seen`: how many of the replacements could be seen from outside. */
function figure({ answered, sentAgain, failures }, { what, times, seen }) {
  return {
    what,
    goal: '0',
    found: `${failures.length} of ${(answered + failures.length).toLocaleString('en')}`,
    met: failures.length === 0 && answered > 0 && seen === times,
    how: `${clientsOfEach} clients with kept connections and ${clientsOfEach} with a new one per request; ${seen} of ${times} reloads seen; ${sentAgain} sent again as RFC 9110 section 9.2.2 allows${failures.length > 0 ? `; ${failures[0]}` : ''}`,
  }
}

async function certificateOf({ host, port }) {
  const socket = connect({ host, port, rejectUnauthorized: false })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(10_000) })
    return socket.getPeerCertificate().fingerprint256
  } finally {
    socket.destroy()
  }
}
