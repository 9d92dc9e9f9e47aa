import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Flags of Node that name code, or settings, which each process loads before anything of ours. */
const fileFlags = [
  '--require',
  '-r',
  '--import',
  '--experimental-loader',
  '--loader',
  '--openssl-config',
  '--experimental-config-file',
  '--env-file',
  '--env-file-if-exists',
  '--snapshot-blob',
  '--icu-data-dir',
]

/** The words of NODE_OPTIONS: divided by spaces, with double quotes around those that hold some, and a backslash before each of them. */
export function splitNodeOptions(text: string): string[] {
  return (text.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? []).map((word) =>
    word.replaceAll(/"((?:\\.|[^"\\])*)"/g, (_all, inner: string) => inner.replaceAll(/\\(.)/g, '$1')),
  )
}

/** The files that these flags of Node have a process load before our code. */
export function preloadedFiles(flags: readonly string[], directory: string): string[] {
  const named = flags.flatMap((word, index) => {
    const flag = fileFlags.find((one) => word === one || word.startsWith(`${one}=`))
    if (flag === undefined) return []
    return [word === flag ? (flags[index + 1] ?? '') : word.slice(flag.length + 1)]
  })
  return named.flatMap((name) => pathOf(name, directory) ?? [])
}

/** `null`: no file, but code in the flag itself, a module of Node, or a package that is not there. */
function pathOf(name: string, directory: string): string | null {
  if (/^(data|node):/.test(name) || name === '') return null
  if (name.startsWith('file:')) return fileURLToPath(name)
  const path = resolve(directory, name)
  if (/^\.{0,2}\//.test(name) || existsSync(path)) return path
  return packageFolder(name, directory)
}

/** Where Node finds a package: in the `node_modules` of this folder or of one above it. Its entry is in that folder. */
function packageFolder(name: string, directory: string): string | null {
  const [, folder = name] = /^(@[^/]+\/[^/]+|[^/]+)/.exec(name) ?? []
  const candidate = join(directory, 'node_modules', folder)
  if (existsSync(candidate)) return candidate
  const parent = dirname(directory)
  return parent === directory ? null : packageFolder(name, parent)
}

/** Flags that neither load code nor read, write or listen on anything. */
const harmless =
  /^(--max-(old-space|semi-space|http-header)-size|--stack-trace-limit|--unhandled-rejections|--dns-result-order|--conditions|-C|--secure-heap|--secure-heap-min|--tls-(min|max)-v1\.[0-3]|--(no-)?(warnings|deprecation)|--enable-source-maps|--trace-(warnings|deprecation|uncaught|exit)|--throw-deprecation|--pending-deprecation|--preserve-symlinks(-main)?|--experimental-strip-types|--no-experimental-[a-z-]+)(=[\w.-]*)?$/

/** Whether a word of NODE_OPTIONS has no effect outside of the process. A value of its own, without a dash, belongs to the word before it. */
export function harmlessNodeFlag(word: string): boolean {
  return harmless.test(word.replaceAll('_', '-')) || /^[\w.]+$/.test(word)
}
