import { createHash } from 'node:crypto'
import type { MatrixCell } from '../../run/report.ts'
import { type DescribedCase, viewMatrix } from '../matrix-view.ts'
import { packResults } from '../pack-results.ts'
import { htmlGrid } from './html-grid.ts'
import { htmlIntroduction } from './html-introduction.ts'
import { html, type Markup } from './markup.ts'
import { pageScript, pageStyle } from './page-assets.ts'

/**
 * The matrix as one page that needs nothing else: a grid of cases and cells, each of which opens what its clients saw. The page forbids
 * itself everything but its own style and script, by their hashes, so that nothing that a server said could ever run.
 */
export function renderHtml(cells: readonly MatrixCell[], cases: readonly DescribedCase[]): string {
  const view = viewMatrix(cells, cases)
  const policy = `default-src 'none'; img-src data:; style-src ${hash(pageStyle)}; script-src ${hash(pageScript)}; base-uri 'none'; form-action 'none'`
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Lockstep: conformance</title>
<style>${{ markup: pageStyle }}</style>
${htmlIntroduction(view)}
${htmlGrid(view)}
${panel}
<script type="application/json" id="data">${json(packResults(view))}</script>
<script type="module">${{ markup: pageScript }}</script>
</html>
`.markup
}

const panel = html`<dialog id="panel" class="panel" aria-labelledby="panel-id">
<form method="dialog"><button class="close" aria-label="Close">✕</button></form>
<p id="panel-run" class="run quiet"></p>
<h2 id="panel-id" class="id" tabindex="-1"></h2>
<div id="panel-body"></div>
</dialog>`

/** Inside a script element only `<` could end it or change how it is read (HTML Standard, section 4.12.1.3). */
function json(value: unknown): Markup {
  return { markup: JSON.stringify(value).replaceAll('<', '\\u003c') }
}

/** A source of Content Security Policy (level 3, section 2.3.1). */
function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
