import { refuseUnparsed } from '../request/refuse-unparsed.ts'
import type { RequestPath } from '../serve-requests.ts'
import type { ServerParts } from '../server-parts.ts'
import { createRedirectServer, type RedirectServer } from './create-redirect-server.ts'

/** Serves redirects beside the app: counted, and in the access log, like the app's requests. */
export function serveRedirects(
  { plan, worker, accessLog, takeClientFacts, open }: ServerParts,
  { observe }: Pick<RequestPath, 'observe'>,
): RedirectServer {
  const redirects = createRedirectServer({
    plan,
    onRequest(request, response) {
      takeClientFacts?.(request)
      observe(request, response, { stream: null, isForApp: true, part: 'whole' })
    },
  })
  refuseUnparsed({ http1: redirects.server, open, onRecord: accessLog?.record, worker })
  return redirects
}
