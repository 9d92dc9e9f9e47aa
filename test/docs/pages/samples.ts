import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { adopted, masked, matches } from './mask.ts'
import { type Block, readText, root } from './read-page.ts'

/** An output of a page, and what the run wrote instead. */
export interface Output {
  readonly block: Block
  /** What was run, without its `$ `; `null` for a block of output alone. */
  readonly command: string | null
  readonly shown: readonly string[]
  readonly written: readonly string[]
}

export function outputOf(block: Block, written: string): Output {
  return { block, command: null, shown: linesOf(block.text), written: linesOf(written) }
}

export function linesOf(text: string): string[] {
  return (
    text
      .trimEnd()
      // The page of a code is below it where the path of the package is long.
      .replaceAll(/(?<=^ {2}\[LOCKSTEP_ERR_\w+\])\n {2}(?=\S+errors\.md)/gm, ' ')
      .replace(/^\n+/, '')
      .split('\n')
      .map((line) => line.trimEnd())
  )
}

/** Set by `npm run docs -- --samples`. */
const writesSamples = process.env['WRITE_SAMPLES'] === '1'

/** Compares each output with the page, or writes those that differ into it. */
export function settle(outputs: readonly Output[]): void {
  for (const { block, shown } of outputs)
    if (shown.every((line) => line.trim() === '…'))
      throw new Error(`${block.page}:${block.line} shows nothing`)
  const wrong = outputs.filter(({ shown, written }) => !matches(shown, written))
  if (writesSamples) {
    for (const block of new Set(wrong.map((output) => output.block)))
      write(
        block,
        outputs.filter((output) => output.block === block),
      )
    return
  }
  for (const { block, command, shown, written } of wrong) {
    const place = `${block.page}:${block.line}${command === null ? '' : `, $ ${command}`}`
    const seen = written.map(masked)
    const missing = shown.map(masked).filter((line) => line.trim() !== '…' && !seen.includes(line))
    throw new Error(
      [
        `${place} shows what the run did not write. \`npm run docs -- --samples\` writes it.`,
        ...(missing.length > 0
          ? ['Only in the page:', ...missing]
          : ['Its lines are in another order, or some are missing.']),
        ...['Written:', ...written],
      ].join('\n'),
    )
  }
}

function write(block: Block, outputs: readonly Output[]): void {
  const text = outputs.reduce((changed, { command, shown, written }) => {
    if (matches(shown, written)) return changed
    const fresh = adopted(shown, written).join('\n')
    if (command === null) return `${fresh}\n`
    const before = shown.join('\n')
    return changed.replace(`${before}\n`, () => `${fresh}\n`)
  }, block.text)
  const fence = (content: string): string => `\`\`\`${block.language}\n${content}\`\`\`\n`
  const page = readText(block.page)
  expect(page, `${block.page}:${block.line} has changed meanwhile`).toContain(fence(block.text))
  writeFileSync(
    join(root, block.page),
    page.replace(fence(block.text), () => fence(text)),
  )
}
