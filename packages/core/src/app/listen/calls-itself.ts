import { readFile } from 'node:fs/promises'

/**
 * Whether a module seems to call the function that it exports, as in `if (require.main === module) main()`: it is then the program, and not a
 * factory. That can be seen only in the text of the module.
 */
export async function callsItself(exported: unknown, file: string): Promise<boolean> {
  if (typeof exported !== 'function' || exported.length > 0) return false
  const text = await readFile(file, 'utf8').catch(() => '')
  if (/\brequire\.main\b|\bimport\.meta\.main\b/.test(text)) return true
  // A statement by itself, which is not indented at the top level.
  const { name } = exported
  return /^\w+$/.test(name) && new RegExp(`^(?:(?:void|await)\\s+)?${name}\\(`, 'm').test(text)
}
