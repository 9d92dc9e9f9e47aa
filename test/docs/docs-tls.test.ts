import { errorCatalog, flagTable } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'
import { whyLeftOut } from '../support/runs-everything.ts'
import { certificateStories } from './docs-tls/certificate-stories.ts'
import { clientStories } from './docs-tls/client-stories.ts'
import { hostStories } from './docs-tls/host-stories.ts'
import { platformStories } from './docs-tls/platform-stories.ts'
import { createRecipeWorld } from './docs-tls/recipe-world.ts'
import { codesNamed, flagsNamed, outputs, recipes } from './docs-tls/recipes.ts'
import { renewalStories } from './docs-tls/renewal-stories.ts'
import type { Story } from './docs-tls/story.ts'

// The recipes of docs/tls.md, followed as they are written there. Three things are replaced: a port that is bound
// becomes 0 on loopback, and later the one that the server got; a path outside of the current folder, such as /etc/letsencrypt,
// becomes one in it; and `cert trust` gets --yes, because it cannot ask the user.

const stories: readonly Story[] = [
  ...certificateStories,
  ...clientStories,
  ...hostStories,
  ...renewalStories,
  ...platformStories,
]

describe('docs/tls.md', () => {
  it('has a test that uses each block', () => {
    const marked = [...recipes, ...outputs].map(({ name }) => name)
    expect([...new Set(recipes.map(({ name }) => name))]).toHaveLength(recipes.length)
    const told = new Set(stories.flatMap(({ uses }) => uses))
    expect([...told].sort()).toEqual([...new Set(marked)].sort())
  })

  it('names only flags and error codes that exist', () => {
    expect(flagsNamed.length).toBeGreaterThan(20)
    // Verbs have their own flags. A story that uses an unknown one would fail.
    const ofVerbs = ['--tls-only']
    expect(flagsNamed.filter((flag) => !flagTable.has(flag) && !ofVerbs.includes(flag))).toEqual([])
    expect(codesNamed.length).toBeGreaterThan(2)
    expect(codesNamed.filter((code) => !(code in errorCatalog))).toEqual([])
  })

  for (const { title, uses, skippedBecause: missing, tell } of stories) {
    const why = missing ? ` (skipped, because ${missing})` : whyLeftOut
    it.skipIf(why !== '')(`${title}${why}`, { timeout: 120_000 }, async () => {
      const world = await createRecipeWorld()
      await tell(world)
      expect([...world.used].sort()).toEqual([...uses].sort())
    })
  }
})
