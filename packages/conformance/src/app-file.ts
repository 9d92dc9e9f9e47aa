import { fileURLToPath } from 'node:url'

/** The path of one of the suite's own apps, by its name. */
export function appFile(name: string): string {
  return fileURLToPath(new URL(`./apps/${name}.js`, import.meta.url))
}
