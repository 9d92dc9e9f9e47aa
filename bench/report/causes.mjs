/** Why a goal is not met: the first of these whose pattern fits `benchmark: figure`. */
const causes = [
  [
    /^single: throughput: .*one connection/,
    'Each connection and each request is kept account of, for the drain, the limits and the counts: 1 to 2 µs of 45 over plain HTTP, and under TLS on two sockets, that of TCP and that of TLS. One process of Node differs from the next by more than that, in both servers.',
  ],
  [
    /^single: p99/,
    'What the slowest hundredth takes is decided by a few collections of garbage a second, and by the machine. It differs more between rounds of one and the same server than the goal allows.',
  ],
  [
    /^cluster: .*HTTPS, one connection a request: to PM2/,
    'Nearly all of it is the handshake, 400 µs and more of processor time in OpenSSL and Node, which the workers of PM2 take as well. What PM2 adds to each connection is all that can be won.',
  ],
  [
    /^cluster: /,
    'The same two processes live through all rounds, and one process of Node is a tenth faster or slower than the next for as long as it lives; with the best peer, the code that runs is the same but for what `single` adds to bare Node.',
  ],
  [
    /^memory: .* to PM2$/,
    'Each worker has a thread that watches over it where its event loop can not, for a lost parent and for what blocks. A thread of Node takes 13 MB.',
  ],
  [
    /^reload under load: time to completion/,
    'Gunicorn starts all new workers at once, as forks of a process that has loaded its code. A worker of Node starts from nothing, and by default one after the other (`--max-surge 1`), so that never more than one is added; how long all at once takes stands in the table.',
  ],
  [
    /^recovery: /,
    'A new worker is looked at from outside before clients may reach it, and has a thread that watches over it.',
  ],
]

const unsteady =
  'The rounds did not agree, though they were repeated: it says as much of the machine as of the servers.'

/** A sentence or more; a figure says by `isSteady` whether its rounds agreed. */
export function causeOf(benchmark, { what, isSteady = true }) {
  const known = causes.find(([pattern]) => pattern.test(`${benchmark}: ${what}`))?.[1]
  return known ?? (isSteady ? 'Not known yet.' : unsteady)
}
