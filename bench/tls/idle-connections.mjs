import { readFileSync } from 'node:fs'
import { bareNode } from '../subjects/by-hand.mjs'
import { caddy } from '../subjects/caddy.mjs'
import { lockstepCluster, lockstepSingle } from '../subjects/lockstep.mjs'
import { nginx } from '../subjects/nginx.mjs'
import { present } from '../subjects/present.mjs'
import { holdIdle } from './hold-idle.mjs'

const goal = 1.1
/** This many connections are needed to judge. */
const enough = 5_000
/** Other open descriptors of a process. */
const otherDescriptors = 500
const ours = [lockstepSingle, lockstepCluster]

export const idleConnections = {
  name: 'idle connections',
  about:
    "Connections over TLS that get one answer each and then stay open. Every server is set to keep idle connections for long. Memory is that of all server processes (Pss) before and after, without the kernel's. Some time later the benchmark counts how many are still open, and one in a hundred asks again. nginx and Caddy hold fewer and serve as orientation.",
  async measure({ quick }) {
    const limits = present(quick ? [] : [nginx, caddy])
    const most = Math.max(0, descriptors() - otherDescriptors)
    const count = Math.min(quick ? 500 : 10_000, most)
    const fewer = Math.min(quick ? 500 : 2_000, most)
    const holdMs = quick ? 500 : 5_000
    const found = []
    for (const subject of [bareNode, ...ours]) found.push(await holdIdle(subject, { count, holdMs }))
    for (const subject of limits.subjects)
      found.push(await holdIdle(subject, { count: fewer, holdMs: 1_000 }))
    return {
      skipped: [...limits.skipped, ...limited(quick ? 500 : 10_000, count)],
      figures: ours.flatMap(({ name }) =>
        figures(
          found.find((each) => each.name === name),
          found[0],
          holdMs,
        ),
      ),
      tables: [table(found)],
    }
  },
}

function figures({ name, count, kilobytes, lost, asked, answered }, bare, holdMs) {
  const ratio = kilobytes / bare.kilobytes
  return [
    {
      what: `memory per connection, ${name} relative to bare Node`,
      // A process grows some memory only once, such as the young generation. With few connections, that counts too much.
      goal: count >= enough ? `≤ ${goal}` : null,
      found: ratio.toFixed(2),
      met: count >= enough ? ratio <= goal : null,
      how: `${count.toLocaleString('en')} connections: ${kilobytes.toFixed(1)} KB against ${bare.kilobytes.toFixed(1)} KB`,
    },
    {
      what: `connections lost, ${name}`,
      goal: '0',
      found: String(lost),
      met: lost === 0 && answered === asked,
      how: `of ${count.toLocaleString('en')}, ${holdMs / 1_000} s after the last was opened; then ${answered} of ${asked} were answered again`,
    },
  ]
}

function table(found) {
  return {
    title: 'Connections held idle over TLS',
    columns: [
      'server',
      'held',
      'lost',
      'answered again',
      'KB each',
      'MB before',
      'MB with connections',
      'opened within, s',
    ],
    rows: found.map((each) => [
      `${each.name}, ${each.version}`,
      each.count.toLocaleString('en'),
      String(each.lost),
      `${each.answered} of ${each.asked}`,
      each.kilobytes.toFixed(1),
      each.before.toFixed(0),
      each.after.toFixed(0),
      each.seconds.toFixed(1),
    ]),
  }
}

/** How many a process may have open: Node has raised its own limit as far as it may, and so do those that it starts. */
function descriptors() {
  const limits = readFileSync('/proc/self/limits', 'utf8')
  const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(limits)
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft)
}

function limited(wanted, count) {
  if (count >= wanted) return []
  return [
    { what: `${wanted - count} of ${wanted} connections`, why: 'a process may not have as many open here' },
  ]
}
