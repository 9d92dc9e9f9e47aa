/** Why a goal is not met: the first of these whose pattern fits `benchmark: figure`. Shown beside it. */
const causes = [
  [
    /^single: (throughput|p99): hello, HTTP, one connection/,
    'each connection and each request is kept account of, for the drain, the limits and the counts, which takes 1 to 2 µs of 45; one process of Node differs from the next by more than that, in both servers',
  ],
  [
    /^single: throughput: .*one connection/,
    'as for hello: each connection is kept account of, under TLS on two sockets, that of TCP and that of TLS',
  ],
  [
    /^single: p99/,
    'what the slowest hundredth takes is decided by a few collections of garbage a second, and by the machine: it differs more between rounds of the same server than the goal allows',
  ],
  [
    /^cluster: .*HTTPS, one connection a request: to PM2/,
    'nearly all of it is the handshake, 400 µs and more of processor time in OpenSSL and Node, which the workers of PM2 take as well; what PM2 adds to each connection is all that can be won',
  ],
  [
    /^cluster: 10 KB of JSON/,
    'making the JSON is nearly all of it, and the same for all; the processes live through all rounds, and one process of V8 is a tenth faster or slower than the next for as long as it lives',
  ],
  [
    /^memory: .* to PM2$/,
    'each worker has a thread that watches over it where its event loop can not, for a lost parent and for what blocks; a thread of Node takes 13 MB',
  ],
  [
    /^reload under load: time to completion/,
    'Gunicorn starts all new workers at once, as forks of a process that has loaded its code; a worker of Node starts from nothing, and by default one after the other (`--max-surge 1`), so that never more than one is added. How long all at once takes stands in the table',
  ],
  [
    /^recovery: /,
    'a new worker is looked at from outside before clients may reach it, and has a thread that watches over it',
  ],
]

const unsteady =
  'its rounds did not agree, however often they were repeated, so that it says as much of the machine as of the servers'

/** What is known of the cause; a figure says by `isSteady` whether its rounds agreed. */
export function causeOf(benchmark, { what, isSteady = true }) {
  const known = causes.find(([pattern]) => pattern.test(`${benchmark}: ${what}`))?.[1]
  if (isSteady) return known ?? 'not known yet'
  return known === undefined ? unsteady : `${known}; and ${unsteady}`
}
