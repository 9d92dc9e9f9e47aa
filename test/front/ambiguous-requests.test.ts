// What a client sends in an ambiguous way reaches the upstream of a front as exactly one unambiguous request, or not at all.
import { describe, expect, it } from 'vitest'
import { ambiguousRequests } from '../../packages/conformance/src/cases/hardening/http1/hardening-cases.ts'
import { judgeRequests } from '../../packages/conformance/src/cases/hardening/http1/judge-requests.ts'
import { judgeStreams } from '../../packages/conformance/src/cases/hardening/http2/judge-streams.ts'
import { oddStreams } from '../../packages/conformance/src/cases/hardening/http2/split-cases.ts'
import { serveFront } from '../../packages/core/test/front/serve-front.ts'
import { recordingUpstream } from './recording-upstream.ts'

describe('the upstream sees one unambiguous request or none', () => {
  it.each(Object.entries(ambiguousRequests))('over HTTP/1.1: %s', async (_, requests) => {
    await using upstream = await recordingUpstream()
    await using front = await serveFront({ upstreams: [upstream] })
    const server = { host: '127.0.0.1', port: front.port }
    await judgeRequests({ server, requests, recorded: upstream.recorded })
    expect(upstream.faults).toEqual([])
  })

  it.each(Object.entries(oddStreams))('over HTTP/2: %s', async (_, streams) => {
    await using upstream = await recordingUpstream()
    await using front = await serveFront({
      upstreams: [upstream],
      options: { tls: { selfSigned: true, protocols: ['h2', 'http/1.1'] } },
    })
    const server = { host: '127.0.0.1', port: front.port }
    await judgeStreams({ server, streams, recorded: upstream.recorded })
    expect(upstream.faults).toEqual([])
  })
})
