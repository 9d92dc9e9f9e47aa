import type { ServerResponse } from 'node:http'

/**
 * Makes an answer over HTTP/1 say that it is the last one on its connection (RFC 9112 section 9.6), if it turns out to be: that is
 * judged when its headers are written. Whatever was pipelined behind an answer that says so would be lost.
 */
export function closeWithAnswer(response: ServerResponse, { isLast }: { isLast: () => boolean }): void {
  // Node calls it too, when the app writes without it.
  const writeHead = response.writeHead as (...args: unknown[]) => ServerResponse
  Object.assign(response, {
    writeHead: (...args: unknown[]) => {
      if (!response.headersSent && isLast()) response.setHeader('Connection', 'close')
      return writeHead.apply(response, args)
    },
  })
}
