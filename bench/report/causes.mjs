/** Why a goal is not met: the first entry whose pattern matches `benchmark: figure`. */
const causes = [
  [
    /captured: .*first answer/,
    'A start reads and checks the options, tries the address, and tests it before it is ready: about 70 ms, on an undisturbed machine. Under `cluster` that is before the workers start, and it is ready when all of them are, where `node:cluster` answers when one is.',
  ],
  [
    /^single: throughput: .*one connection/,
    'Lockstep keeps track of each connection and each request, for the drain, the limits and the counts. That takes 1 to 2 µs of 45 over plain HTTP, and under TLS on two sockets, that of TCP and that of TLS. Two Node processes differ by more than that, for both servers.',
  ],
  [
    /^single: p99/,
    'A few garbage collections per second, and the machine, decide how long the slowest hundredth takes. It differs more between rounds of the same server than the goal allows.',
  ],
  [
    /^front: added latency/,
    "Half of it is Node's HTTPS server, which needs 0.3 ms more for an answer of its own than the program for one without TLS. The other half is the way to the program and back, where nginx needs 0.14 ms. At this rate, and with other work on the machine, each request finds little in the caches of the processor: at 2,000 requests a second the answer comes in half the time.",
  ],
  [
    /^cluster: .*HTTPS, one connection per request: relative to PM2/,
    'Nearly all of it is the handshake: 400 µs and more of processor time in OpenSSL and Node, which the workers of PM2 need too. Only the time that PM2 adds to each connection can be saved.',
  ],
  [
    /^cluster: /,
    'The same two processes run through all rounds, and a Node process can be a tenth faster or slower than another for its whole life. Compared with the best peer, the code differs only by what `single` adds to bare Node.',
  ],
  [
    /^memory: .* to PM2$/,
    'Each worker has a guard thread, which works while the event loop is blocked. It notices a lost parent and finds what blocks the loop. A Node thread takes 13 MB.',
  ],
  [
    /^reload under load: time to completion/,
    'Gunicorn forks all new workers at once from a process that has loaded its code. A Node worker starts from nothing, and by default Lockstep adds only one at a time (`--max-surge 1`). The table also shows all at once.',
  ],
  [
    /^front: .*nginx/,
    "More than half of it is Node's HTTPS server, which needs as much for an answer of its own as nginx for passing a request on. The rest is mostly what the kernel and libuv take to write to the program and to read from it.",
  ],
  [
    /^recovery: /,
    'Lockstep checks a new worker from outside before clients can reach it, and each worker has a guard thread.',
  ],
]

const unsteady =
  'The rounds disagreed although they were repeated. The figure says as much about the machine as about the servers.'

/** A sentence or more; a figure says by `isSteady` whether its rounds agreed. */
export function causeOf(benchmark, { what, isSteady = true }) {
  const known = causes.find(([pattern]) => pattern.test(`${benchmark}: ${what}`))?.[1]
  return known ?? (isSteady ? 'Not known yet.' : unsteady)
}
