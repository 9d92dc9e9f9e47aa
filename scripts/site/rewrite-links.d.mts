export function rewriteLinks(
  text: string,
  page: {
    source: string
    titles: ReadonlyMap<string, string>
    isFile: (target: string) => boolean
    root: string
  },
): string
