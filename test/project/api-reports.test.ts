// The declarations that users compile against, as `npm run docs` has written them down.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)

it('each change of the public API is in docs/api', { timeout: 120_000 }, async () => {
  const { apiReports } = (await import(new URL('scripts/api-reports.mjs', root).href)) as {
    apiReports(): Readonly<Record<string, string>>
  }
  const written = Object.fromEntries(
    readdirSync(new URL('docs/api/', root)).map((name) => [
      `docs/api/${name}`,
      readFileSync(new URL(`docs/api/${name}`, root), 'utf8'),
    ]),
  )
  expect(written).toEqual(apiReports())
})
