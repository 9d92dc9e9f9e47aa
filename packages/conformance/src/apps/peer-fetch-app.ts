import { clientCertificate } from '@lockstep/core'

/** Says who its client is, asked by a `Request` of the Fetch API. */
export default {
  fetch: (request: Request): Response => Response.json(clientCertificate(request)),
}
