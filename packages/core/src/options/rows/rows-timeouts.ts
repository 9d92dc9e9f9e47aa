import { duration } from '../kinds/duration.ts'
import { option } from '../option-row.ts'

export const timeoutRows = {
  'timeouts.boot': option({
    kind: duration(),
    default: '60s',
    flags: ['--boot-timeout'],
    group: 'timeouts',
    summary: 'Time the app may take to become ready.',
    description:
      "From the start of a process until it can serve. At the first start, a line in the log says after 5 s what is awaited, and the launch fails at the end of this time; later the worker is replaced. Under `single`, an app that blocks the event loop forever while it loads can't be interrupted by this limit; only SIGKILL ends it.",
    takesEffect: 'start',
    station: 'backend',
  }),
  'timeouts.hang': option({
    kind: duration(),
    default: '30s',
    flags: ['--hang-timeout'],
    aliases: [
      { flag: '--timeout', of: 'gunicorn' },
      { flag: '-t', of: 'gunicorn' },
    ],
    group: 'timeouts',
    summary: 'Replace a worker that blocks its event loop for this long.',
    description:
      'Heartbeats come from the event loop of the worker, so a worker that is busy but still responds is left alone. `single` refuses this option, because no other process watches it.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'timeouts.graceful': option({
    kind: duration({ zero: 'does not wait' }),
    default: '30s',
    flags: ['--graceful-timeout'],
    aliases: [{ flag: '--timeout-graceful-shutdown', of: 'uvicorn' }],
    group: 'timeouts',
    summary: 'Time to wait for requests in flight when the server stops.',
    description:
      'After that, open connections are cut and what still runs is killed. Event streams and WebSockets have no end of their own; they are closed properly 300 ms after the time begins.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'timeouts.drainDelay': option({
    kind: duration({ zero: 'does not wait' }),
    default: 0,
    flags: ['--drain-delay'],
    group: 'timeouts',
    summary: 'Keep serving for this long after a stop request, so that load balancers notice.',
    description:
      'Only `health.ready` changes, to 503. For load balancers that learn late that the server stops: the endpoints of Kubernetes, or a balancer between two probes. `timeouts.graceful` begins after it. A second stop skips the rest of it.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'timeouts.keepAlive': option({
    kind: duration({ zero: 'closes each connection after its answer' }),
    default: '5s',
    flags: ['--keep-alive'],
    aliases: [
      { flag: '--timeout-keep-alive', of: 'uvicorn' },
      { flag: '--keep-alive-timeout', of: 'node' },
    ],
    group: 'timeouts',
    summary: 'Time to keep an idle connection open for the next request.',
    description: "Behind a load balancer, make it longer than the balancer's own idle timeout.",
    takesEffect: 'start',
    station: 'serve',
  }),
  'timeouts.headers': option({
    kind: duration(),
    default: '30s',
    flags: ['--headers-timeout'],
    group: 'timeouts',
    summary: 'Time a client may take to send the headers of a request.',
    description:
      'After that the client gets 408 and the connection is closed. This limits slow headers (Slowloris).',
    takesEffect: 'start',
    station: 'serve',
  }),
  'timeouts.request': option({
    kind: duration({ zero: 'means no limit' }),
    default: '5m',
    flags: ['--request-timeout'],
    group: 'timeouts',
    summary: 'Time a client may take to send a whole request.',
    description:
      'Headers and body together. After that the client gets 408 and the connection is closed. The time that the app takes to answer does not count.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'timeouts.send': option({
    kind: duration({ zero: 'means no limit' }),
    default: '60s',
    flags: ['--send-timeout'],
    group: 'timeouts',
    summary: 'Time a client may pause while it reads a response.',
    description:
      'An answer that a client does not read stays in memory. After this time the connection is closed; over HTTP/2, the stream is reset. Each byte that the client takes restarts the time; over HTTP/2, each 16 KiB does, or a smaller write. The time does not run while the app writes nothing, so quiet event streams and WebSockets stay open.',
    takesEffect: 'start',
    station: 'serve',
  }),
}
