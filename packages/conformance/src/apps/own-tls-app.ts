import { createServer } from 'node:https'

/** Would demand certificates of its clients, if it ended TLS. */
export default createServer({ requestCert: true, minVersion: 'TLSv1.3' }, (_, response) =>
  response.end('for members'),
)
