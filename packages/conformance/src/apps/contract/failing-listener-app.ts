import { createServer } from 'node:http'

/** Its listener for connections throws. */
export default createServer((_, response) => response.end('served')).on('connection', () => {
  throw new Error('the listener of the app has failed')
})
