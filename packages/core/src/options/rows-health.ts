import { option } from './option-row.ts'
import { urlPath } from './url-path-kind.ts'

/** What tells a balancer or an orchestrator whether to send requests here. */
export const healthRows = {
  'health.ready': option({
    kind: urlPath,
    default: null,
    flags: ['--ready-path'],
    group: 'health',
    summary: 'A path that says whether the server takes requests: 200, and 503 once it stops.',
    description:
      'Answered to GET and HEAD by the server itself, before the app and before `limits.concurrency`, over every protocol that is served; the app never sees these requests. It speaks for the whole server: a worker that is replaced while the others serve says 200 to its end. From the moment when a stop begins it says 503 with `Retry-After`. Never stored by caches; written to the access log as any request. `limits.connections` and `tls.clientAuth` hold here too.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'health.live': option({
    kind: urlPath,
    default: null,
    flags: ['--live-path'],
    group: 'health',
    summary: 'A path that says whether the process that serves still turns: always 200.',
    description:
      'Like `health.ready`, but it stays 200 while the server stops, so that nobody restarts what is ending by itself. Whoever does not answer it blocks its event loop.',
    takesEffect: 'start',
    station: 'serve',
  }),
}
