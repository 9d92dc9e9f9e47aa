import { duration } from './duration.ts'
import { option } from './option-row.ts'

export const timeoutRows = {
  'timeouts.boot': option({
    kind: duration(),
    default: '60s',
    flags: ['--boot-timeout'],
    group: 'timeouts',
    summary: 'How long the app may take to become ready.',
    description:
      'From the start of a process to the moment when it can serve. At the first boot the launch fails; later the worker is replaced. Under `single`, an app that blocks the event loop for ever while it loads can not be given up, since nobody watches it; it ends by a signal.',
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
    summary: 'How long a worker may block its event loop before it is replaced.',
    description:
      'Heartbeats come from the event loop of the worker, so a busy worker that still turns is left alone. `single` has nobody who could watch it, and refuses this option.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'timeouts.graceful': option({
    kind: duration({ zero: 'does not wait' }),
    default: '30s',
    flags: ['--graceful-timeout'],
    aliases: [{ flag: '--timeout-graceful-shutdown', of: 'uvicorn' }],
    group: 'timeouts',
    summary: 'How long requests in flight may take to end when the server stops.',
    description:
      'After that, open connections are cut and what still runs is killed. Event streams and WebSockets, which have no end of their own, are ended in order 300 ms after its beginning.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'timeouts.drainDelay': option({
    kind: duration({ zero: 'does not wait' }),
    default: 0,
    flags: ['--drain-delay'],
    group: 'timeouts',
    summary: 'How long the server goes on as before when it is asked to stop, before it drains.',
    description:
      'Only `health.ready` changes, to 503. For whoever learns late that no more is to be sent here: the endpoints of Kubernetes, a balancer between two probes. `timeouts.graceful` begins after it. A stop at once skips what is left of it.',
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
    summary: 'How long an idle connection is kept for the next request.',
    description: "Behind a load balancer, make it longer than the balancer's own idle timeout.",
    takesEffect: 'start',
    station: 'serve',
  }),
  'timeouts.headers': option({
    kind: duration(),
    default: '30s',
    flags: ['--headers-timeout'],
    group: 'timeouts',
    summary: 'How long a client may take to send the headers of a request.',
    description: 'Then it gets 408 and the connection is closed. The guard against slow headers (Slowloris).',
    takesEffect: 'start',
    station: 'serve',
  }),
  'timeouts.request': option({
    kind: duration({ zero: 'is no limit' }),
    default: '5m',
    flags: ['--request-timeout'],
    group: 'timeouts',
    summary: 'How long a client may take to send a whole request.',
    description:
      'Headers and body together. Then it gets 408 and the connection is closed. The time that the app takes to answer does not count.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'timeouts.send': option({
    kind: duration({ zero: 'is no limit' }),
    default: '60s',
    flags: ['--send-timeout'],
    group: 'timeouts',
    summary: 'How long a client may take nothing of an answer that waits for it.',
    description:
      'An answer that a client does not read stays in memory. After this time the connection is closed; over HTTP/2, the stream is reset. Each byte that the client takes begins the time again; over HTTP/2, each 16 KiB, or a write that is smaller. It does not count while the app writes nothing, so quiet event streams and WebSockets stay open.',
    takesEffect: 'start',
    station: 'serve',
  }),
}
