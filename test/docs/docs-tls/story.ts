import type { RecipeWorld } from './recipe-world.ts'

/** What a reader does with some recipes, and what the page promises about it. */
export interface Story {
  readonly title: string
  /** All recipes and outputs that it must use. */
  readonly uses: readonly string[]
  /** Why it can't run on this machine; `null` if it can. */
  readonly skippedBecause?: string | null
  tell(world: RecipeWorld): Promise<void>
}
