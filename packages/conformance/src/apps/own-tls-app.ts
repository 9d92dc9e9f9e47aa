import { createServer } from 'node:https'

/** Would require client certificates if it terminated TLS. */
export default createServer({ requestCert: true, minVersion: 'TLSv1.3' }, (_, response) =>
  response.end('for members'),
)
