// The settings of VitePress. `npm run site` copies this file into `.site/.vitepress/`, and writes pages.json with the sidebar beside it.
import { readFileSync } from 'node:fs'

const { sidebar } = JSON.parse(readFileSync(new URL('./pages.json', import.meta.url), 'utf8'))

export default {
  title: 'Lockstep',
  description: 'Runs web apps in production: HTTPS, several processes, reloads without lost requests.',
  lang: 'en',
  // Browsers ask for an icon, and there is none.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: 'pages',
  outDir: 'dist',
  // Any server of files serves pages whose links end in .html.
  cleanUrls: false,
  lastUpdated: false,
  markdown: {
    // There is no grammar for HAProxy.
    languageAlias: { haproxy: 'ini' },
    theme: { light: 'github-light', dark: 'github-dark' },
    anchor: { slugify },
    config: adaptPages,
  },
  // The pages of the API are long.
  vite: { build: { chunkSizeWarningLimit: 1000 } },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar,
    socialLinks: [{ icon: 'github', link: 'https://github.com/lockstep-run/lockstep' }],
  },
}

/** Anchors as on GitHub, where the same links must work. */
function slugify(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}

/** The pages are Markdown for GitHub. */
function adaptPages(md) {
  const { fence, text } = md.renderer.rules
  // Vue would take it for an expression. VitePress protects code itself.
  md.renderer.rules.text = (...args) => text(...args).replaceAll('{{', '&#123;&#123;')
  md.core.ruler.push('long-cells', ({ tokens }) => markLongCells(tokens))
  // The browser draws the diagrams (theme/draw-diagrams.js). Without scripts their text is readable.
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index]
    return info.trim() === 'mermaid'
      ? `<pre class="diagram" v-pre>${md.utils.escapeHtml(content)}</pre>\n`
      : fence(tokens, index, ...rest)
  }
}

/** A cell with a sentence needs some width, or a wide table becomes a very high one. */
function markLongCells(tokens) {
  for (const [index, { type }] of tokens.entries())
    if (type === 'td_open' && tokens[index + 1].content.length > 40) tokens[index].attrJoin('class', 'long')
}
