/** What is asked for, and how; every throughput benchmark takes from these. `seconds` is how long one sample takes at least. */
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

/** Where the app does least, and so what is around it shows most. */
export const helloLoads = loads.filter(({ path }) => path === '/')
