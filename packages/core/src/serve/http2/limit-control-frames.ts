import type { Http2Session } from 'node:http2'
import { nodeHttp2 } from '../../platform/node/node-http2.ts'

/**
 * How many PING and SETTINGS frames a client may send: that many at once, and that many a second in the long run. A client that measures its bandwidth by PING
 * sends one for each round trip of a download, so this is far above what others send.
 */
const burst = 5_000
const perSecond = 1_000

/**
 * Ends a connection whose client sends PING or SETTINGS without an end (CVE-2019-9512, CVE-2019-9515, RFC 9113 section 10.5). nghttp2 limits only the answers that
 * are not read, and each such frame is answered. Other frames that cost something are limited by nghttp2 itself.
 */
export function limitControlFrames(session: Http2Session): void {
  let left = burst
  let lastAt = performance.now()
  const count = (): void => {
    const now = performance.now()
    left = Math.min(burst, left + ((now - lastAt) / 1_000) * perSecond) - 1
    lastAt = now
    if (left < 0) session.destroy(undefined, nodeHttp2().constants.NGHTTP2_ENHANCE_YOUR_CALM)
  }
  session.on('ping', count)
  session.on('remoteSettings', count)
}
