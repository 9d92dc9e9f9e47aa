import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { certificateFolder, startLockstep } from '../subjects/servers.mjs'
import { clientHello } from './client-hello.mjs'

const batch = 50
const mebibyte = 1_048_576

export const resets = {
  name: 'resets in mid-handshake',
  async measure() {
    using pair = await certificateFolder()
    await using server = await startLockstep(pair, ['--backend', 'single'])
    const hello = await clientHello()
    // The first thousand grow the memory that a process keeps for later use. The second thousand must not grow it further.
    await resetMany(server, hello, 1_000)
    const before = await settled(server.pid)
    await resetMany(server, hello, 1_000)
    const after = await settled(server.pid)
    const grown = (after.rss - before.rss) / mebibyte
    const figures = [
      {
        what: 'descriptors left open by 1,000 resets',
        goal: '0',
        found: String(after.descriptors - before.descriptors),
        met: after.descriptors <= before.descriptors,
        how: 'bare connections that send a part of a ClientHello and then RST; /proc/PID/fd',
      },
      {
        what: 'memory growth from 1,000 resets, after 1,000 earlier ones',
        goal: '≤ 8 MiB',
        found: `${grown.toFixed(1)} MiB`,
        met: grown <= 8,
        how: 'resident set of the serving process, before and after; /proc/PID/statm',
      },
    ]
    return { figures }
  },
}

async function resetMany({ host, port }, hello, count) {
  for (let done = 0; done < count; done += batch) {
    const sockets = Array.from({ length: batch }, () => connect({ host, port }))
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    for (const [index, socket] of sockets.entries())
      socket.write(hello.subarray(0, 1 + ((index * 37) % hello.length)))
    for (const socket of sockets) socket.resetAndDestroy()
  }
}

/** Once the number of descriptors has been the same for half a second. */
async function settled(pid) {
  for (let last = -1; ; ) {
    const descriptors = readdirSync(`/proc/${pid}/fd`).length
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    if (descriptors === last) return { descriptors, rss: pages * 4_096 }
    last = descriptors
    await pause(500)
  }
}
