import type { Framework } from './read-frameworks.mjs'

export function frameworksPage(seen: { frameworks: readonly Framework[]; results: unknown }): string
