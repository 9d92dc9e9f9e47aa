import type { ConformanceCase } from '../../../conformance-case.ts'
import { bothProtocols } from '../../both-protocols.ts'
import { recordsIn } from '../recorded-requests.ts'
import { fieldStreams } from './field-streams.ts'
import { judgeStreams } from './judge-streams.ts'
import { lengthStreams } from './length-streams.ts'
import type { OddStream } from './odd-stream.ts'
import { pseudoFieldStreams } from './pseudo-field-streams.ts'

/** The whole corpus of requests over HTTP/2, by subject. */
export const oddStreams = {
  'pseudo-fields': pseudoFieldStreams,
  fields: fieldStreams,
  lengths: lengthStreams,
} as const satisfies Readonly<Record<string, readonly OddStream[]>>

const requirements: Readonly<Record<keyof typeof oddStreams, string>> = {
  'pseudo-fields':
    'Over HTTP/2, the server refuses pseudo-header fields that are not a method, target and host of HTTP/1.1.',
  fields:
    'Over HTTP/2, the server refuses fields that would end a line of HTTP/1.1, or that belong to a connection.',
  lengths: 'Over HTTP/2, the app never sees a body end that has not the length of Content-Length.',
}

/** One case a subject. */
export const splitCases: readonly ConformanceCase[] = (
  Object.keys(oddStreams) as (keyof typeof oddStreams)[]
).map((subject) => ({
  id: `hardening/http2/${subject}`,
  level: 'MUST',
  requirement: requirements[subject],
  source: [...new Set(oddStreams[subject].map(({ source }) => source))].join('; '),
  observes: ['tls.protocols'],
  async run(context) {
    const server = await context.start({ app: context.apps.recording, tls: bothProtocols(context) })
    await judgeStreams({ server, streams: oddStreams[subject], recorded: recordsIn(context.folder) })
  },
}))
