/**
 * The words of `NODE_OPTIONS`, as Node splits them: by spaces, but not within double quotes. There a backslash takes the next character
 * as it is.
 */
export function readNodeOptions(text: string): string[] {
  const words: string[] = []
  let word: string | null = null
  let isQuoted = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] as string
    if (character === '\\' && isQuoted) {
      index += 1
      word = (word ?? '') + (text[index] ?? '')
    } else if (character === ' ' && !isQuoted) {
      if (word !== null) words.push(word)
      word = null
    } else if (character === '"') isQuoted = !isQuoted
    else word = (word ?? '') + character
  }
  if (word !== null) words.push(word)
  return words
}
