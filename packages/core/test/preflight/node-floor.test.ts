import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nodeFloors, nodeFloorWarnings } from '../../src/preflight/node-floor.ts'

describe('the warning about an old release of Node', () => {
  it.each(['22.23.2', '22.24.0', '24.18.1', '24.21.0', '26.5.1', '26.10.0', '27.0.0', '28.1.2'])(
    'does not concern %s',
    (version) => expect(nodeFloorWarnings(version)).toEqual([]),
  )

  it.each([
    ['22.18.0', '22.23.2'],
    ['22.23.1', '22.23.2'],
    ['24.18.0', '24.18.1'],
    ['24.0.0-nightly20260101', '24.18.1'],
    ['26.5.0', '26.5.1'],
  ])('names for %s the flaws, the date and the first safe release, %s', (version, safe) => {
    const [warning = ''] = nodeFloorWarnings(version)
    for (const words of [version, safe, '2026-07-29', 'CVE-2026-56848']) expect(warning).toContain(words)
  })

  it.each(['23.11.1', '25.9.0'])('says that the line of %s gets no fixes', (version) => {
    expect(nodeFloorWarnings(version)[0]).toMatch(/no security fixes: .* ended on 202\d-06-01/)
  })

  it('is documented with the same releases', () => {
    const page = readFileSync(new URL('../../../../docs/stability.md', import.meta.url), 'utf8')
    for (const floor of nodeFloors) {
      if ('endedOn' in floor) continue
      const safe = `${floor.line}.${floor.release.join('.')}`
      expect(page).toContain(
        `| ${safe.padEnd(18)} | ${floor.releasedOn}  | ${floor.fixes.join(', ').padEnd(30)} |`,
      )
    }
  })
})
