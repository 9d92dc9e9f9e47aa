// The API reference: a page for each public entry.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApiModel } from '@microsoft/api-extractor-model'
import { extractApi } from '../extract-api.mjs'
import { writePage } from './collect-pages.mjs'
import { exportedOf, renderEntry } from './render-entry.mjs'

/** `lockstep` re-exports the entries of the packages behind it. */
const entries = [
  { title: 'lockstep', page: 'lockstep', package: 'core', entry: 'index' },
  { title: 'lockstep/backend', page: 'lockstep-backend', package: 'core', entry: 'backend' },
  { title: 'lockstep/control', page: 'lockstep-control', package: 'core', entry: 'control' },
  { title: '@lockstep/conformance', page: 'conformance', package: 'conformance', entry: 'index' },
  { title: '@lockstep/certs', page: 'certs', package: 'certs', entry: 'index' },
  { title: '@lockstep/certs/judge', page: 'certs-judge', package: 'certs', entry: 'judge' },
  { title: '@lockstep/external', page: 'external', package: 'external', entry: 'index' },
]

/** The paths of the pages, by the name that a program imports. */
export const apiPages = entries.map(({ title, page }) => ({ title, path: `api/${page}` }))

/** Writes the pages below a folder. Returns their items of the sidebar. */
export function writeApiPages(folder) {
  const read = readEntries()
  for (const { title, page, package: name, members } of read) {
    const elsewhere = new Map(
      read
        .filter((other) => other.package === name && other.page !== page)
        .flatMap((other) => exportedOf(other.members).map(({ displayName }) => [displayName, other.page])),
    )
    writePage(folder, `api/${page}`, { text: renderEntry({ title, members, elsewhere }), outline: '2' })
  }
  return apiPages.map(({ title, path }) => ({ text: title, link: `/${path}` }))
}

function readEntries() {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-api-'))
  try {
    return entries.map((one) => {
      const file = join(folder, `${one.page}.api.json`)
      extractApi(one, { docModel: { enabled: true, apiJsonFilePath: file, includeForgottenExports: true } })
      const [entryPoint] = new ApiModel().loadPackage(file).entryPoints
      return { ...one, members: entryPoint.members }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
