import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  type ConformanceCase,
  conformanceCases,
  type MatrixCell,
  renderHtml,
  renderJUnit,
} from '@lockstep/conformance'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runsEverything, whyLeftOut } from '../../../test/support/runs-everything.ts'
import { hostileCases, hostileCells, hostileShown } from './reports/hostile-matrix.ts'
import { sampleCells } from './reports/sample-matrix.ts'

const executablePath = '/usr/bin/chromium'
/** Run from outside the page, because the page's own policy forbids a script element. */
const pageLook = readFileSync(new URL('../../../test/fixtures/page-look.js', import.meta.url), 'utf8')
const switches = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

describe.skipIf(!runsEverything || !isExecutable(executablePath))(
  `the page of the matrix in a browser${whyLeftOut || ` (skipped without ${executablePath})`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-page-'))
    let browser: Browser

    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: switches })
    })

    afterAll(async () => {
      await browser?.close()
      rmSync(folder, { recursive: true })
    })

    it('shows every case in every column, with its verdict', async () => {
      await using view = await open()
      const { page, complaints } = view
      await page.getByText('✗ 2 of 8 runs fall short').waitFor()
      expect(await page.locator('tr.case').count()).toBe(conformanceCases.length)
      expect(await page.locator('td button').count()).toBe(conformanceCases.length * 8)
      expect(await page.locator('td.not-run').count()).toBe(conformanceCases.length * 2)
      await page.getByRole('columnheader', { name: 'not run: needs a Mac' }).first().waitFor()
      await cell(page, 'tls/min-version/refuses-older-client, single on Windows, Node 24: fail').waitFor()
      await cell(page, 'tls/min-version/refuses-older-client, single on Linux, Node 24: pass').waitFor()
      expect(complaints).toEqual([])
    })

    it('shows only the cases that match the filter, or only those that are not green', async () => {
      await using view = await open()
      const { page, complaints } = view
      const shown = (): Promise<string[]> => page.locator('tr.case:visible code').allTextContents()

      await page.getByRole('searchbox', { name: 'Filter' }).fill('TLS older')
      const older = conformanceCases.filter(
        ({ id, requirement }) => /tls/i.test(`${id}${requirement}`) && /older/i.test(`${id}${requirement}`),
      )
      expect(await shown()).toEqual(older.map(({ id }) => id))
      expect(await page.getByRole('status').textContent()).toBe(
        `${older.length} of ${conformanceCases.length} cases`,
      )
      expect(await page.getByRole('rowheader', { name: /^app \d/ }).isVisible()).toBe(false)

      await page.getByRole('searchbox', { name: 'Filter' }).fill('')
      await page.getByLabel('Show only what is not green').check()
      const names = await shown()
      expect(names).toContain('processes/workers/that-many-serve')
      expect(names).toContain('tls/min-version/refuses-older-client')
      expect(names).not.toContain('tls/max-version/negotiates-no-higher')

      await page.getByRole('searchbox', { name: 'Filter' }).fill('no such case')
      await page.getByText('No case matches.').waitFor()
      expect(complaints).toEqual([])
    })

    it('opens the observations of a cell with the keyboard, and restores the focus', async () => {
      await using view = await open()
      const { page, complaints } = view
      await page.getByRole('searchbox', { name: 'Filter' }).fill('tls/min-version/refuses-older-client')
      await page.getByLabel('Show only what is not green').focus()
      // The grid is one stop of the Tab key. Its region is another, so that a user can scroll it by keyboard.
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Enter')

      const panel = page.getByRole('dialog', { name: 'tls/min-version/refuses-older-client' })
      await panel.waitFor()
      const described = conformanceCases.find(({ id }) => id === 'tls/min-version/refuses-older-client')
      for (const text of [described?.requirement ?? '', described?.source ?? '', 'MUST', "- 'refused'"])
        await panel.getByText(text).first().waitFor()
      expect(await panel.getByRole('heading', { level: 3 }).allTextContents()).toEqual([
        ...['Door command fail 552 ms', 'Door backend pass 552 ms', 'Door launch pass 552 ms'],
      ])
      const [first] = await panel.getByRole('region', { name: 'Observations, door command' }).all()
      expect(await first?.getByRole('columnheader').allTextContents()).toEqual([
        ...['Client', 'Asked', 'Outcome', 'Version', 'Cipher', 'Group', 'ALPN', 'Leaf', 'Resumed'],
      ])
      expect(await first?.getByRole('row').nth(1).getByRole('cell').allTextContents()).toEqual([
        ...[
          'GET /tls over TLS; only TLSv1.2',
          'served 200',
          'TLSv1.2',
          'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
        ],
        ...[
          'X25519MLKEM768',
          'http/1.1',
          expect.stringMatching(/^([\dA-F]{2}:){3}[\dA-F]{2}…[\dA-F:]{95}$/),
          'no',
        ],
      ])

      await page.keyboard.press('Escape')
      await panel.waitFor({ state: 'hidden' })
      expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(
        'tls/min-version/refuses-older-client, single on Windows, Node 24: fail, 3 observations not made',
      )
      await page.keyboard.press('Home')
      expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(
        'tls/min-version/refuses-older-client, single on Linux, Node 22: pass',
      )
      expect(complaints).toEqual([])
    })

    it.each([
      { look: 'in light', options: { colorScheme: 'light' } },
      { look: 'in dark', options: { colorScheme: 'dark' } },
      { look: 'on a phone', options: { viewport: { width: 360, height: 740 }, colorScheme: 'light' } },
      { look: 'on a dark phone', options: { viewport: { width: 360, height: 740 }, colorScheme: 'dark' } },
    ] as const)('is legible and fits its window: $look', async ({ options }) => {
      await using view = await open({ options })
      const { page, complaints } = view
      await page.evaluate(`(() => {${pageLook}})()`)
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true)
      // WCAG 2.2, success criterion 1.4.3.
      const texts = [
        '.what',
        '.verdict',
        '.reason',
        '.counts .text-red',
        '.counts .text-amber',
        '.case-name code',
      ]
      for (const selector of [
        ...texts,
        ...['green', 'amber', 'red', 'grey'].map((tone) => `td .mark.${tone}`),
      ])
        expect(await page.evaluate(`contrastOf('${selector}')`), selector).toBeGreaterThan(4.5)

      await cell(page, 'tls/min-version/refuses-older-client, single on Windows, Node 24: fail').click()
      expect(await page.evaluate('panel.scrollWidth <= panel.clientWidth')).toBe(true)
      for (const selector of [
        '.run',
        '.requires',
        '.facts dt',
        '.status.red',
        '.status.green',
        '.detail',
        '.outcome',
      ])
        expect(await page.evaluate(`contrastOf('#panel ${selector}')`), selector).toBeGreaterThan(4.5)
      expect(complaints).toEqual([])
    })

    it('shows hostile text as plain text', async () => {
      await using view = await open({ cells: hostileCells, cases: hostileCases })
      const { page, complaints } = view
      await page.locator('td button').click()
      expect(await page.locator('#panel .detail').textContent()).toBe(hostileShown)
      expect(await page.locator('#panel .requires').textContent()).toBe(hostileShown)
      expect(await page.locator('#panel .asked').textContent()).toBe(hostileShown)
      expect(await page.locator('img').count()).toBe(0)
      expect(complaints).toEqual([])
    })

    it('parses the JUnit XML without an error, even with hostile quotes', async () => {
      await using view = await open()
      const read = `(xml) => new DOMParser().parseFromString(xml, 'application/xml').querySelector('parsererror')?.textContent ?? ''`
      for (const cells of [sampleCells(), hostileCells])
        expect(await view.page.evaluate(`(${read})(${JSON.stringify(renderJUnit(cells))})`)).toBe('')
    })

    /** The page in a new window, with all its errors and script dialogs. */
    async function open({
      cells = sampleCells(),
      cases = conformanceCases,
      options = {},
    }: {
      cells?: readonly MatrixCell[]
      cases?: readonly Pick<ConformanceCase, 'id' | 'level' | 'requirement' | 'source'>[]
      options?: BrowserContextOptions
    } = {}): Promise<AsyncDisposable & { page: Page; complaints: string[] }> {
      const file = join(folder, 'index.html')
      writeFileSync(file, renderHtml(cells, cases))
      const context = await browser.newContext(options)
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`)
        void dialog.dismiss()
      })
      page.on('request', (request) => {
        if (!/^(file:.*index\.html|data:)/.test(request.url())) complaints.push(`asked for ${request.url()}`)
      })
      await page.goto(pathToFileURL(file).href)
      return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
    }
  },
)

function cell(page: Page, start: string): ReturnType<Page['locator']> {
  return page.locator(`td button[aria-label^="${start}"]`)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
