import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** Takes a text apart at its commas. Two commas stand for one that belongs to the text: no element of a list is empty. */
export function splitAtCommas(text: string): string[] {
  const elements = ['']
  // Each single comma, each pair of commas, and the text between.
  for (const part of text.match(/,,|,|[^,]+/g) ?? []) {
    if (part === ',') elements.push('')
    else elements.push((elements.pop() ?? '') + (part === ',,' ? ',' : part))
  }
  return elements.map((element) => element.trim())
}

/**
 * The same for paths: a text that is the path of something that exists is one path, whatever commas it has. Without a folder to start in,
 * the file system is not asked.
 */
export function splitPaths(text: string, directory: string | undefined): string[] {
  const isOnePath = directory !== undefined && text.includes(',') && existsSync(resolve(directory, text))
  return isOnePath ? [text] : splitAtCommas(text)
}
