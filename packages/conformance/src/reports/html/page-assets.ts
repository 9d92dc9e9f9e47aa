import { readFileSync } from 'node:fs'

/** The style of the page, and the script that makes it respond: files of the package, taken in once with the modules. */
export const pageStyle = ['look.css', 'introduction.css', 'grid.css', 'panel.css', 'print.css']
  .map(asset)
  .join('\n')
export const pageScript = ['grid.js', 'panel.js'].map(asset).join('\n')

function asset(name: string): string {
  return readFileSync(new URL(`../../../page/${name}`, import.meta.url), 'utf8').replaceAll('\r\n', '\n')
}
