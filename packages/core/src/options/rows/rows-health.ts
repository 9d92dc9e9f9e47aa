import { urlPath } from '../kinds/url-path.ts'
import { option } from '../option-row.ts'

/** The paths where a balancer or an orchestrator learns whether to send requests here. */
export const healthRows = {
  'health.ready': option({
    kind: urlPath,
    default: null,
    flags: ['--ready-path'],
    group: 'health',
    summary: 'Readiness path: answers 200 while the server takes requests, and 503 once it stops.',
    description:
      'The server itself answers GET and HEAD there, before the app and before `limits.concurrency`, over every protocol that is served. The app never sees these requests. The answer is about the whole server: a worker that is replaced while others serve answers 200 until it ends. When a stop begins, the answer is 503 with `Retry-After`. Caches may not store it. The access log contains it like any request. `limits.connections` and `tls.clientAuth` apply here too.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'health.live': option({
    kind: urlPath,
    default: null,
    flags: ['--live-path'],
    group: 'health',
    summary: 'Liveness path: answers 200 while the event loop runs.',
    description:
      'Like `health.ready`, but it stays 200 while the server stops, so that no supervisor restarts a server that is ending. A process that does not answer is blocking its event loop.',
    takesEffect: 'start',
    station: 'serve',
  }),
}
