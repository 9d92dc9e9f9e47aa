export const topics: Readonly<Record<string, readonly string[]>>
export function pageName(source: string): string
export const sources: ReadonlyMap<string, string>
