import type { IncomingMessage, ServerResponse } from 'node:http'
import type { PlannedHealth } from '../../plan/launch-plan.ts'

/** What is asked of the server itself, and not of the app. */
export type HealthQuestion = 'ready' | 'live'

/** What a request asks of the server; `null`: it is for the app. Other methods than GET and HEAD are. */
export function healthQuestion(
  { method, url = '' }: IncomingMessage,
  { readyPath, livePath }: PlannedHealth,
): HealthQuestion | null {
  if ((readyPath === null && livePath === null) || (method !== 'GET' && method !== 'HEAD')) return null
  const path = pathOf(url)
  if (path === readyPath) return 'ready'
  return path === livePath ? 'live' : null
}

/** A target may also name the scheme and the host before its path: RFC 9112 section 3.2.2. */
function pathOf(target: string): string {
  const [beforeQuery = ''] = target.split('?', 1)
  return beforeQuery.startsWith('/') ? beforeQuery : beforeQuery.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '')
}

/** When to ask again: a server that stops does not come back, but another one may replace it. */
const retryAfterSeconds = 5

/** The answer is about this moment, so caches may not store it (RFC 9111 section 5.2.2.5). */
export function answerHealth(
  response: ServerResponse,
  { question, stopping, isReady }: { question: HealthQuestion; stopping: boolean; isReady: boolean },
): void {
  const turnsAway = question === 'ready' && (stopping || !isReady)
  const text = turnsAway ? (stopping ? 'stopping\n' : 'not ready\n') : `${question}\n`
  response.writeHead(turnsAway ? 503 : 200, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': text.length,
    'Cache-Control': 'no-store',
    ...(turnsAway && { 'Retry-After': retryAfterSeconds }),
  })
  response.end(text)
}
