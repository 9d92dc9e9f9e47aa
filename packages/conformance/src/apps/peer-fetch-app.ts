import { clientCertificate } from '@lockstep/core'

/** Answers with its client's certificate, read through a `Request` of the Fetch API. */
export default {
  fetch: (request: Request): Response => Response.json(clientCertificate(request)),
}
