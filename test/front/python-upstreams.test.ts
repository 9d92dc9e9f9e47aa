// Real Gunicorn and Uvicorn behind a front see what is ambiguous as exactly one unambiguous request, or not at all.
import { describe, expect, it } from 'vitest'
import { ambiguousRequests } from '../../packages/conformance/src/cases/hardening/http1/hardening-cases.ts'
import { judgeRequests } from '../../packages/conformance/src/cases/hardening/http1/judge-requests.ts'
import { judgeStreams } from '../../packages/conformance/src/cases/hardening/http2/judge-streams.ts'
import { oddStreams } from '../../packages/conformance/src/cases/hardening/http2/split-cases.ts'
import { serveFront } from '../../packages/core/test/front/serve-front.ts'
import { missingPeers } from '../support/missing-peers.ts'
import { type PythonServer, pythonUpstream } from './python-upstream.ts'

const without = missingPeers('gunicorn', 'uvicorn', 'gunicorn-26', 'gunicorn-old', 'uvicorn-old')

const asgi = 'suite_apps:recording'
const wsgi = 'recording_wsgi:app'
const uvicorn = (...more: string[]): string[] => [asgi, '--uds', '{socket}', ...more]
const gunicorn = (app: string, ...more: string[]): string[] => [app, '--bind', 'unix:{socket}', ...more]

const servers: readonly (PythonServer & { readonly name: string })[] = [
  { name: 'Uvicorn with httptools', program: 'uvicorn', args: uvicorn('--http', 'httptools') },
  { name: 'Uvicorn with h11', program: 'uvicorn', args: uvicorn('--http', 'h11') },
  { name: 'Uvicorn 0.17', program: 'uvicorn-old', args: uvicorn() },
  { name: 'Gunicorn', program: 'gunicorn', args: gunicorn(wsgi) },
  { name: 'Gunicorn with threads', program: 'gunicorn', args: gunicorn(wsgi, '--threads', '4') },
  { name: 'Gunicorn with ASGI', program: 'gunicorn', args: gunicorn(asgi, '--worker-class', 'asgi') },
  { name: 'Gunicorn 20.1', program: 'gunicorn-old', args: gunicorn(wsgi) },
]

describe.skipIf(without !== '').each(servers)(`$name${without}`, (server) => {
  it('sees one unambiguous request or none', { timeout: 120_000 }, async () => {
    await using upstream = await pythonUpstream(server)
    await using front = await serveFront({ upstreams: [upstream] })
    const place = { host: '127.0.0.1', port: front.port }
    const { recorded } = upstream
    const requests = Object.values(ambiguousRequests).flat()
    expect(requests.length).toBeGreaterThan(200)
    await judgeRequests({ server: place, requests, recorded })
  })

  it('sees one unambiguous request or none from HTTP/2', { timeout: 120_000 }, async () => {
    await using upstream = await pythonUpstream(server)
    await using front = await serveFront({
      upstreams: [upstream],
      options: { tls: { selfSigned: true, protocols: ['h2', 'http/1.1'] } },
    })
    const place = { host: '127.0.0.1', port: front.port }
    await judgeStreams({
      server: place,
      streams: Object.values(oddStreams).flat(),
      recorded: upstream.recorded,
    })
  })
})
