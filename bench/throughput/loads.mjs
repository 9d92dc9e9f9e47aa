/** The requests of the throughput benchmarks. `seconds` is the least duration of one sample. */
const bodies = [
  { body: 'hello', path: '/', seconds: 1 },
  { body: '10 KB of JSON', path: '/json', seconds: 1 },
  { body: '1 MB', path: '/large', seconds: 1 },
  // Two answers for each connection.
  { body: 'a handler of 800 ms', path: '/slow', seconds: 2 },
]

export const loads = bodies.flatMap((body) =>
  [false, true].flatMap((tls) =>
    [true, false].map((keepAlive) => ({
      ...body,
      tls,
      keepAlive,
      what: `${body.body}, ${tls ? 'HTTPS' : 'HTTP'}, ${keepAlive ? 'kept connections' : 'one connection per request'}`,
    })),
  ),
)

/** The load where the app does least, so that the cost around it shows most. */
export const helloLoads = loads.filter(({ path }) => path === '/')
