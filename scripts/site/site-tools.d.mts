export const siteFolder: string
export function ensureSiteTools(): Promise<void>
