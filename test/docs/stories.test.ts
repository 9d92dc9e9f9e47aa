import { describe, it } from 'vitest'
import { runsEverything, whyLeftOut } from '../support/runs-everything.ts'
import { followStory } from './pages/follow-story.ts'
import { type Block, pages, readBlocks } from './pages/read-page.ts'
import { settle } from './pages/samples.ts'

// The stories of all pages, each in an empty folder. `test/docs/README.md` explains the marks. Without TEST_EVERYTHING only those of the
// README and of docs/command-line.md: the others use the same commands at more length.

const beforeCommit = ['README.md', 'docs/command-line.md']

/** The blocks of each story, in the order of the page. */
function storiesOf(page: string): ReadonlyMap<string, readonly Block[]> {
  const stories = new Map<string, Block[]>()
  const blocks = readBlocks(page)
  const ran = new Set(blocks.flatMap(({ kind }) => (kind?.kind === 'run' ? [kind.story] : [])))
  for (const block of blocks)
    for (const name of namesOf(block))
      if (ran.has(name)) stories.set(name, [...(stories.get(name) ?? []), block])
  return stories
}

function namesOf({ kind }: Block): readonly string[] {
  if (kind?.kind === 'file') return kind.stories
  return kind?.kind === 'run' || kind?.kind === 'output' ? [kind.story] : []
}

describe.skipIf(process.platform === 'win32')('a reader can follow', () => {
  for (const page of pages) {
    const isRun = runsEverything || beforeCommit.includes(page)
    for (const [name, blocks] of storiesOf(page))
      it.skipIf(!isRun)(`${page}: ${name}${isRun ? '' : whyLeftOut}`, { timeout: 120_000 }, async () => {
        settle(await followStory(name, blocks))
      })
  }
})
