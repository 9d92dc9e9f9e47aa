import type { RecipeWorld } from './recipe-world.ts'

/** What a reader does with some recipes, and what the page promises of it. */
export interface Story {
  readonly title: string
  /** The recipes and outputs that it must use, all of them. */
  readonly uses: readonly string[]
  /** Why it can't be told on this machine; `null` where it can. */
  readonly skippedBecause?: string | null
  tell(world: RecipeWorld): Promise<void>
}
