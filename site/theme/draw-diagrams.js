import { withBase } from 'vitepress'

let loading

/** Draws the Mermaid diagrams of the page. The library is large, so only pages with a diagram load it. */
export async function drawDiagrams(isDark) {
  const blocks = [...document.querySelectorAll('pre.diagram')]
  if (blocks.length === 0) return
  loading ??= load()
  await loading
  const { mermaid } = globalThis
  // HTML in a diagram would take the line height of the page after it was measured.
  mermaid.initialize({
    startOnLoad: false,
    htmlLabels: false,
    flowchart: { wrappingWidth: 320 },
    theme: isDark ? 'dark' : 'neutral',
  })
  for (const [index, block] of blocks.entries()) {
    const drawn = Object.assign(document.createElement('div'), { className: 'drawn' })
    if (block.nextElementSibling?.className === 'drawn') block.nextElementSibling.remove()
    block.hidden = true
    block.after(drawn)
    // It is drawn where it will be, which scrolls. At the end of the page it would make a narrow screen wide for a moment.
    const { svg } = await mermaid.render(`diagram-${index}`, block.textContent, drawn)
    drawn.innerHTML = svg
  }
}

function load() {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    Object.assign(script, { src: withBase('/mermaid.js'), onload: resolve, onerror: reject })
    document.head.append(script)
  })
}
