import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixtures, type Started, startLockstep } from '../support/lockstep.ts'
import { runsEverything, whyLeftOut } from '../support/runs-everything.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const executablePath = '/usr/bin/chromium'
const switches = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

describe.skipIf(!runsEverything || !isExecutable(executablePath))(
  `the live page in a browser${whyLeftOut || ` (skipped without ${executablePath})`}`,
  () => {
    let server: Started
    let browser: Browser

    beforeAll(async () => {
      // What `npm start` starts, except for the port.
      const example = ['examples/live-page/app.js', '--backend', 'cluster', '--workers', '2']
      server = await startLockstep(['run', ...example, '--tls-self-signed', '--port', '0'], {
        cwd: fileURLToPath(new URL('../../', import.meta.url)),
      })
      browser = await chromium.launch({ executablePath, args: switches })
    })

    afterAll(async () => {
      await browser?.close()
      await server?.[Symbol.asyncDispose]()
    })

    it('shows the facts of the banner, and both workers after a few answers, without an error', async () => {
      await using view = await open({})
      const { page, complaints } = view
      await page.getByText(/worker 1: \d+ · worker 2: \d+/).waitFor({ timeout: 15_000 })

      const [version = '', cipher = ''] = row('TLS').split(', ')
      expect(await facts(page)).toEqual({
        scheme: 'https',
        tlsVersion: version,
        cipher,
        fingerprint256: row('SHA-256'),
      })
      expect(version).toBe('TLSv1.3')
      const pids = server.processes().filter((pid) => pid !== server.pid)
      expect(await page.locator('#detail').textContent()).toMatch(
        new RegExp(`^process (${pids.join('|')}), \\d`),
      )
      expect(complaints).toEqual([])
    })

    it.each([
      { look: 'in light', options: { colorScheme: 'light' } },
      { look: 'in dark', options: { colorScheme: 'dark' } },
      { look: 'on a phone', options: { viewport: { width: 320, height: 640 }, colorScheme: 'light' } },
      { look: 'on a dark phone', options: { viewport: { width: 320, height: 640 }, colorScheme: 'dark' } },
    ] as const)('is legible and fits its window: $look', async ({ look, options }) => {
      await using view = await open(options)
      const { page, complaints } = view
      await page.getByText(/^Worker \d$/).waitFor({ timeout: 15_000 })
      const path = join(temporaryFolder(), `${look}.png`)
      expect((await page.screenshot({ path, fullPage: true })).length).toBeGreaterThan(5_000)

      await page.addScriptTag({ path: join(fixtures, 'page-look.js') })
      expect(await page.evaluate('overflowingElements()')).toEqual([])
      // WCAG 2.2, success criterion 1.4.3.
      for (const selector of ['#who', '#detail', 'dt', 'dd'])
        expect(await page.evaluate(`contrastOf('${selector}')`), selector).toBeGreaterThan(4.5)
      expect(complaints).toEqual([])
    })

    it('says so when the server no longer answers', async () => {
      await using own = await startLockstep(['run', 'examples/live-page/app.js', '--port', '0'], {
        cwd: fileURLToPath(new URL('../../', import.meta.url)),
      })
      await using view = await open({}, own.url)
      const { page } = view
      await page.getByText('Worker 1', { exact: true }).waitFor()
      expect(await facts(page)).toMatchObject({ scheme: 'http', tlsVersion: 'none: plain HTTP' })
      own.signal('SIGTERM')
      await page.getByText('No worker', { exact: true }).waitFor({ timeout: 15_000 })
      expect(await own.finished()).toMatchObject({ code: 0 })
    })

    function row(label: string): string {
      return new RegExp(`➜ ${label}: +(.+)`).exec(server.stdout())?.[1] ?? ''
    }

    /** The page in a new window, with all its errors. */
    async function open(
      options: BrowserContextOptions,
      url = server.url,
    ): Promise<AsyncDisposable & { page: Page; complaints: string[] }> {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`))
      await page.goto(url)
      return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
    }
  },
)

async function facts(page: Page): Promise<Record<string, string | null>> {
  const ids = ['scheme', 'tlsVersion', 'cipher', 'fingerprint256']
  return Object.fromEntries(
    await Promise.all(ids.map(async (id) => [id, await page.locator(`#${id}`).textContent()] as const)),
  )
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
