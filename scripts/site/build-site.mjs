// Builds the site. Runs under the pinned Node, once the packages are built and the tools are installed.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../run-command.mjs'
import { rootFolder } from '../workspace.mjs'
import { writeApiPages } from './api-pages.mjs'
import { collectPages } from './collect-pages.mjs'
import { writePicturePage } from './picture-page.mjs'
import { siteFolder } from './site-tools.mjs'

const pages = join(siteFolder, 'pages')
const settings = join(siteFolder, '.vitepress')

for (const folder of [pages, settings, join(siteFolder, 'dist')])
  rmSync(folder, { recursive: true, force: true })
mkdirSync(join(pages, 'public'), { recursive: true })
cpSync(join(rootFolder, 'site/theme'), join(settings, 'theme'), { recursive: true })
cpSync(join(rootFolder, 'site/config.mjs'), join(settings, 'config.mjs'))
cpSync(
  join(siteFolder, 'node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js'),
  join(pages, 'public/mermaid.js'),
)

const [start, ...rest] = collectPages(pages)
start.items.splice(1, 0, await writePicturePage(pages))
const sidebar = [start, ...rest, { text: 'API', collapsed: false, items: writeApiPages(pages) }]
writeFileSync(join(settings, 'pages.json'), JSON.stringify({ sidebar }))

const vitepress = join(siteFolder, 'node_modules/vitepress/bin/vitepress.js')
process.exitCode = await runCommand(process.execPath, [vitepress, 'build', siteFolder], {
  // Without it, VitePress draws a spinner into logs.
  env: { CI: 'true' },
})
if (process.exitCode === 0) console.log(`Built ${join(siteFolder, 'dist')}`)
