import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { optionRow } from '@lockstep/core/internal'
import { DOMParser } from '@xmldom/xmldom'
import { type Browser, chromium } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { apiPages } from '../../scripts/site/api-pages.mjs'
import { ensureSiteTools, siteFolder } from '../../scripts/site/site-tools.mjs'
import { sources } from '../../site/topics.mjs'
import { type Started, startLockstep } from '../support/lockstep.ts'
import { runsEverything, whyLeftOut } from '../support/runs-everything.ts'

const root = join(import.meta.dirname, '../..')
const dist = join(siteFolder, 'dist')
const pages = [...sources.values(), 'pictures', ...apiPages.map(({ path }) => path)]
const read = (name: string): string => readFileSync(join(dist, name), 'utf8')
const buildMs = 300_000

describe.skipIf(!runsEverything)(`the documentation site${whyLeftOut}`, () => {
  beforeAll(async () => {
    await ensureSiteTools()
    const built = spawnSync(process.execPath, ['scripts/site/build-site.mjs'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(built.status, built.stdout + built.stderr).toBe(0)
  }, buildMs)

  it('has every page', () => {
    expect(pages.filter((name) => !existsSync(join(dist, `${name}.html`)))).toEqual([])
  })

  it('has the text of an option in the reference of the API', () => {
    const text = read('api/lockstep.html')
      .replaceAll(/<[^>]+>/g, '')
      .replaceAll('&#39;', "'")
    for (const name of ['workers', 'tls.minVersion'] as const) expect(text).toContain(optionRow(name).summary)
  })

  it('has an index for the search with the pages and the API', () => {
    const chunks = join(dist, 'assets/chunks')
    const index = readdirSync(chunks).find((name) => name.startsWith('@localSearchIndex')) ?? ''
    const text = readFileSync(join(chunks, index), 'utf8')
    for (const part of ['/kubernetes.html#', '/api/lockstep.html#', 'LaunchHandle', 'reload.maxSurge'])
      expect(text.includes(part), part).toBe(true)
  })

  it('has no link to an anchor that is missing', () => {
    const ids = new Map(
      pages.map((name) => [
        name,
        new Set(Array.from(read(`${name}.html`).matchAll(/ id="([^"]+)"/g), ([, id]) => id)),
      ]),
    )
    const dead = pages.flatMap((name) =>
      Array.from(read(`${name}.html`).matchAll(/ href="(?:\/([\w/-]+)\.html|\/)?#([^"]+)"/g)).flatMap(
        ([link, target = link.includes('"/#') ? 'index' : name, anchor = '']) =>
          ids.get(target)?.has(decodeURIComponent(anchor)) ? [] : [`${name}: ${link}`],
      ),
    )
    expect(dead).toEqual([])
  })

  it.each(['banner', 'plan', 'error', 'report'])('has a picture of the %s that names no machine', (name) => {
    const svg = read(`pictures/${name}.svg`)
    const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml')
    expect(parsed.getElementsByTagName('title')[0]?.textContent).toMatch(/\w{3}/)
    expect(parsed.getElementsByTagName('text').length).toBeGreaterThan(5)
    for (const word of [root, tmpdir(), hostname()]) expect(svg.includes(word), word).toBe(false)
    expect(read('pictures.html')).toMatch(new RegExp(`<img[^>]+/pictures/${name}\\.svg[^>]+alt="\\w`))
  })

  const executablePath = '/usr/bin/chromium'
  describe.skipIf(!existsSync(executablePath))(`in a browser (skipped without ${executablePath})`, () => {
    it('fits a narrow screen, draws its diagrams, and finds an option', async () => {
      await using server = await startLockstep(['serve', dist, '--port', '0'])
      await using opened = await openBrowser(executablePath)
      const page = await opened.browser.newPage({ viewport: { width: 390, height: 844 } })
      const problems: string[] = []
      page.on('pageerror', ({ message }) => problems.push(message))
      for (const name of ['index', 'architecture', 'conformance', 'options', 'pictures', 'api/lockstep']) {
        await page.goto(addressOf(server, name))
        const sticksOut = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        expect({ name, sticksOut }).toEqual({ name, sticksOut: 0 })
      }
      await page.goto(addressOf(server, 'architecture'))
      await page.locator('.drawn svg').first().waitFor()
      await page.locator('#local-search button').click()
      await page.locator('#localsearch-input').fill('reload.maxSurge')
      await page.locator('a.result', { hasText: 'reload.maxSurge' }).first().waitFor()
      // The matrix writes the data.
      if (existsSync(join(root, 'docs/data/conformance.json'))) {
        await page.goto(addressOf(server, 'conformance'))
        await page.locator('.cases input[type=search]').fill('tls/cert/serves-that-leaf')
        await page.locator('.cases tbody button').first().click()
        await page.locator('.cases .more', { hasText: 'MUST' }).waitFor()
      }
      expect(problems).toEqual([])
    }, 60_000)
  })
})

function addressOf({ url }: Started, name: string): string {
  return new URL(`${name}.html`, url).href
}

async function openBrowser(executablePath: string): Promise<AsyncDisposable & { browser: Browser }> {
  const switches = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']
  const browser = await chromium.launch({
    executablePath,
    args: [...switches, '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  return { browser, [Symbol.asyncDispose]: () => browser.close() }
}
