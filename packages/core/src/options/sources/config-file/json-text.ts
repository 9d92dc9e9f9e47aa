/** Strings, comments, marks, and words such as `true` or a key without quotes (JSON5). */
const token =
  /"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/|[{}[\],:]|[^\s{}[\],:"'/]+/g

/** JSON with comments and trailing commas, as plain JSON; every other character stays in its place. */
export function withoutComments(text: string): string {
  const tokens = [...text.matchAll(token)].filter(([word]) => !isComment(word))
  const trailing = new Set(
    tokens
      .filter(([word], index) => word === ',' && /^[}\]]$/.test(tokens[index + 1]?.[0] ?? ''))
      .map(({ index }) => index),
  )
  return text.replaceAll(token, (word, index: number) =>
    isComment(word) || trailing.has(index) ? word.replaceAll(/[^\r\n]/g, ' ') : word,
  )
}

/** The first key that an object of JSON, JSONC or JSON5 has twice; parsers of these take the last one without a word. */
export function repeatedKey(text: string): string | null {
  const words = [...text.matchAll(token)].map(([word]) => word).filter((word) => !isComment(word))
  /** The keys of each object that is open; `null` for an array. */
  const open: (Set<string> | null)[] = []
  for (const [index, word] of words.entries()) {
    if (word === '{') open.push(new Set())
    else if (word === '[') open.push(null)
    else if (word === '}' || word === ']') open.pop()
    else if (words[index + 1] === ':') {
      const keys = open.at(-1)
      const key = nameOf(word)
      if (keys?.has(key)) return key
      keys?.add(key)
    }
  }
  return null
}

const isComment = (word: string): boolean => word.startsWith('//') || word.startsWith('/*')

/** A key may have escapes: `"p\u006frt"` is `port`. */
function nameOf(word: string): string {
  const body = /^['"]/.test(word) ? word.slice(1, -1) : word
  return body
    .replaceAll(/\\u([\da-fA-F]{4})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    )
    .replaceAll(/\\x([\da-fA-F]{2})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    )
    .replaceAll(/\\(?=['"])/g, '')
}
