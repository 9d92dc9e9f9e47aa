import type { ConformanceCase } from '../../../conformance-case.ts'
import { recordsIn } from '../recorded-requests.ts'
import type { AmbiguousRequest } from './ambiguous-request.ts'
import { bothLengthRequests } from './both-length-requests.ts'
import { chunkRequests } from './chunk-requests.ts'
import { contentLengthRequests } from './content-length-requests.ts'
import { fieldRequests } from './field-requests.ts'
import { hostRequests } from './host-requests.ts'
import { judgeRequests } from './judge-requests.ts'
import { lineRequests } from './line-requests.ts'
import { sequenceRequests } from './sequence-requests.ts'
import { targetRequests } from './target-requests.ts'
import { transferEncodingRequests } from './transfer-encoding-requests.ts'
import { versionRequests } from './version-requests.ts'

/** The whole corpus of HTTP/1.1, by subject. */
export const ambiguousRequests = {
  'content-length': contentLengthRequests,
  'transfer-encoding': transferEncodingRequests,
  'both-lengths': bothLengthRequests,
  chunks: chunkRequests,
  lines: lineRequests,
  fields: fieldRequests,
  hosts: hostRequests,
  targets: targetRequests,
  'versions-and-methods': versionRequests,
  sequences: sequenceRequests,
} as const satisfies Readonly<Record<string, readonly AmbiguousRequest[]>>

const requirements: Readonly<Record<keyof typeof ambiguousRequests, string>> = {
  'content-length':
    'The server refuses an odd Content-Length, or the app sees exactly the body that it names.',
  'transfer-encoding': 'The server refuses each Transfer-Encoding but chunked.',
  'both-lengths':
    'The server refuses a request with both Content-Length and Transfer-Encoding, and chunks of HTTP/1.0.',
  chunks: 'The server refuses odd chunks, and the app never sees such a body end.',
  lines:
    'The server refuses lines that end with something else than CR LF, and folded lines become one or are refused.',
  fields: 'The server refuses names that are not tokens, and values with control characters.',
  hosts: 'The server refuses a request whose host is missing, doubled or odd.',
  targets:
    'The server refuses a target in a form that its method does not have, or with characters that no target has.',
  'versions-and-methods': 'The server refuses other versions and unknown methods, and compares them by case.',
  sequences: 'The app sees no request that follows a refused one, or one that closes the connection.',
}

/** One case a subject: a case starts a server, and each request costs a few milliseconds. */
const plainCases: readonly ConformanceCase[] = (
  Object.keys(ambiguousRequests) as (keyof typeof ambiguousRequests)[]
).map((subject) => ({
  id: `hardening/http1/${subject}`,
  level: 'MUST',
  requirement: requirements[subject],
  source: [...new Set(ambiguousRequests[subject].map(({ source }) => source))].join('; '),
  observes: [],
  doors: ['backend', 'launch', 'command'],
  async run({ start, folder, apps }) {
    const server = await start({ app: apps.recording })
    await judgeRequests({ server, requests: ambiguousRequests[subject], recorded: recordsIn(folder) })
  },
}))

export const http1HardeningCases: readonly ConformanceCase[] = [
  ...plainCases,
  {
    id: 'hardening/http1/over-tls',
    level: 'MUST',
    requirement:
      'Over TLS, where a server reads in another way, the app sees one unambiguous request or none too.',
    source: 'RFC 9112 sections 6.1, 6.3, 7.1 and 9.6',
    observes: ['tls.cert'],
    async run({ start, folder, apps, certificates }) {
      const { certFile: cert, keyFile: key } = certificates.server
      const { host, port } = await start({ app: apps.recording, tls: { cert, key } })
      const requests = [...bothLengthRequests, ...chunkRequests, ...sequenceRequests]
      await judgeRequests({ server: { host, port, isSecure: true }, requests, recorded: recordsIn(folder) })
    },
  },
]
