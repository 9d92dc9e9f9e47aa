import { isHost } from '../request/request-fault.ts'
import { forwardedElements } from './forwarded-elements.ts'
import { type ForwardedNode, readNode } from './read-node.ts'

/** What trusted proxies say of the client. `null`: they don't say it. */
export interface ForwardedClient {
  readonly node: ForwardedNode | null
  readonly scheme: 'http' | 'https' | null
  readonly host: string | null
}

type Fields = Readonly<Record<string, string | string[] | undefined>>
type IsTrusted = (address: string) => boolean

const nothing: ForwardedClient = { node: null, scheme: null, host: null }

/**
 * Reads `X-Forwarded-For`, `-Proto` and `-Host`. Each proxy appends who has connected to it, so the list is read from the right: behind the
 * addresses of trusted proxies comes the client. What stands left of it may be the client's own invention. If all are trusted, it
 * is the leftmost. Values of the other two that were appended too are counted from the right likewise; a single value is the one that
 * a proxy has set.
 */
export function clientByXForwarded(fields: Fields, isTrusted: IsTrusted): ForwardedClient {
  const chain = textOf(fields['x-forwarded-for'])
  let node: ForwardedNode | null = null
  let hops = 0
  for (let end = chain.length; end > 0; ) {
    const comma = chain.lastIndexOf(',', end - 1)
    const text = chain.slice(comma + 1, end).trim()
    end = comma
    if (text === '') continue
    node = readNode(text)
    hops += 1
    if (!isTrustedNode(node, isTrusted)) break
  }
  return {
    node,
    scheme: schemeOf(valueAt(textOf(fields['x-forwarded-proto']), Math.max(hops, 1))),
    host: hostOf(valueAt(textOf(fields['x-forwarded-host']), Math.max(hops, 1))),
  }
}

/** Reads `Forwarded` (RFC 7239) in the same way. Of a field that is not well-formed nothing counts, and the client is unknown. */
export function clientByForwarded(fields: Fields, isTrusted: IsTrusted): ForwardedClient {
  const text = textOf(fields['forwarded'])
  if (text === '') return nothing
  const elements = forwardedElements(text)
  if (elements === null) return { ...nothing, node: readNode('unknown') }
  let seen = nothing
  for (const element of elements.toReversed()) {
    const node = readNode(element['for'] ?? 'unknown')
    // A proxy further out knows better, if it says anything.
    seen = {
      node,
      scheme: schemeOf(element['proto'] ?? '') ?? seen.scheme,
      host: hostOf(element['host'] ?? '') ?? seen.host,
    }
    if (!isTrustedNode(node, isTrusted)) break
  }
  return seen
}

function isTrustedNode({ isIp, address }: ForwardedNode, isTrusted: IsTrusted): boolean {
  return isIp && address !== null && isTrusted(address)
}

function textOf(value: string | string[] | undefined): string {
  return value === undefined ? '' : typeof value === 'string' ? value : value.join(',')
}

/** The value that the proxy at this distance has set or appended. */
function valueAt(list: string, hops: number): string {
  if (!list.includes(',')) return list.trim()
  const values = list.split(',').map((value) => value.trim())
  return values[Math.max(0, values.length - hops)] ?? ''
}

function schemeOf(text: string): ForwardedClient['scheme'] {
  const scheme = text.toLowerCase()
  // Some proxies name the scheme of a WebSocket.
  if (scheme === 'https' || scheme === 'wss') return 'https'
  return scheme === 'http' || scheme === 'ws' ? 'http' : null
}

function hostOf(text: string): string | null {
  return text !== '' && isHost(text) ? text : null
}
