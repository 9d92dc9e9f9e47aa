import assert from 'node:assert/strict'
import { isInstalled } from '../../run/environment.ts'
import type { ClientName, Observation } from '../observation.ts'
import { recordNotObserved } from '../recorder.ts'
import { askByOpenssl } from '../tls/openssl-client.ts'
import { askByNode } from './ask-by-node.ts'
import { type Asked, describeAsked } from './asked.ts'
import { askByCurl } from './curl-client.ts'

const clients: Readonly<
  Record<string, (asked: Asked, options: { deadlineMs: number }) => Promise<Observation>>
> = { node: askByNode, openssl: askByOpenssl, curl: askByCurl }

/**
 * Runs the same request with every client that supports it, one after the other, and judges each result. A client that is not installed is recorded
 * as an observation that was not made. Three TLS libraries and two HTTP parsers rarely share a mistake.
 */
export async function byEveryClient(
  asked: Asked,
  judge: (seen: Observation) => void,
  { deadlineMs = 5_000 }: { deadlineMs?: number } = {},
): Promise<void> {
  for (const [name, ask] of Object.entries(clients)) {
    if (!canExpress(name as ClientName, asked)) continue
    if (name !== 'node' && !isInstalled(name)) {
      const reason = `${name} is not installed`
      recordNotObserved(name as ClientName, { asked: describeAsked(asked), reason })
      continue
    }
    const seen = await ask(asked, { deadlineMs })
    try {
      judge(seen)
    } catch (error) {
      if (!(error instanceof assert.AssertionError)) throw error
      const { outcome, status, reason, tls } = seen
      throw new assert.AssertionError({
        message: `${name} (${describeAsked(asked)}): ${error.message}\nit saw ${JSON.stringify({ outcome, status, reason, tls })}`,
      })
    }
  }
}

function canExpress(client: ClientName, { tls }: Asked): boolean {
  switch (client) {
    case 'openssl':
      return tls !== undefined
    case 'curl':
      // curl has no flag for signature algorithms, and offers one protocol or its own two.
      return (
        tls?.sigalgs === undefined &&
        (tls?.alpn === undefined || tls.alpn.every((one) => knownToCurl.has(one)))
      )
    default:
      return true
  }
}

const knownToCurl = new Set(['h2', 'http/1.1'])
