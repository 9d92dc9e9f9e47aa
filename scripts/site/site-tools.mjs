// The programs and libraries that build the site. They are installed when the site is built, into its folder.
import { join } from 'node:path'
import { nodePackage } from '../peers/node-package.mjs'
import { rootFolder } from '../workspace.mjs'

/** Git ignores it. */
export const siteFolder = join(rootFolder, '.site')

const tools = nodePackage('site', {
  takes: 'about 15 seconds',
  folder: siteFolder,
  pinned: join(rootFolder, 'site'),
})

/** Rejects with the last lines of npm when the tools can't be installed. */
export async function ensureSiteTools() {
  if (tools.isReady()) return
  console.log(`Installing the tools of the site (${tools.takes}) …`)
  await tools.setUp()
}
