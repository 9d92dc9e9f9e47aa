import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CaseResult, hasFailed, judgeByKnownFailures, readKnownFailures } from '@lockstep/conformance'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-known-'))
afterAll(() => rmSync(folder, { recursive: true }))

const here = { backend: 'single', platform: 'linux' }

function result(status: CaseResult['status']): CaseResult {
  return {
    id: 'tls/alpn/none-is-served',
    level: 'MUST',
    door: 'launch',
    status,
    detail: '',
    durationMs: 1,
    observations: [],
  }
}

describe('a list of known failures', () => {
  const known = [{ id: 'tls/alpn/*', reason: 'not done yet' }]

  it('keeps a known failure from failing the run, and shows the reason that the list gave', () => {
    const judged = judgeByKnownFailures(result('fail'), known, here)
    expect([judged.status, hasFailed(judged)]).toEqual(['known failure', false])
    expect(judged.detail).toContain('not done yet')
  })

  it('fails the run if a listed case passes', () => {
    const judged = judgeByKnownFailures(result('pass'), known, here)
    expect([judged.status, hasFailed(judged)]).toEqual(['stale known failure', true])
  })

  it.each([{ backend: 'cluster' }, { platform: 'win32' }, { door: 'command' }, { id: 'tls/cert/*' }])(
    'does not affect a case that it does not name: %o',
    (other) => {
      const [entry] = known
      const list = [{ ...entry, id: 'tls/alpn/*', reason: 'not done yet', ...other }]
      expect(judgeByKnownFailures(result('fail'), list, here).status).toBe('fail')
    },
  )

  it('does not change the status of a broken harness or of a refused case', () => {
    expect(judgeByKnownFailures(result('harness error'), known, here).status).toBe('harness error')
    expect(judgeByKnownFailures(result('refused as declared'), known, here).status).toBe(
      'refused as declared',
    )
  })

  it.each(['{}', '[{"id":"x"}]', '[{"id":"x","reason":""}]', '[null]', 'no JSON'])(
    'is rejected if it is %s',
    (text) => {
      const file = join(folder, 'known.json')
      writeFileSync(file, text)
      expect(() => readKnownFailures(file)).toThrow()
    },
  )
})
