import type { Stats } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { extname, isAbsolute, join, relative, sep } from 'node:path'

/** What a path names once its links are followed. */
export interface Place {
  readonly realPath: string
  readonly stats: Stats
}

/** A file of the folder, by the URL path that `send()` takes. */
export interface ChosenFile {
  /** Percent-encoded, and begins with a slash. */
  readonly path: string
  /** What is sent: the file, or the compressed one. */
  readonly place: Place
  /** The compressed file beside it that is sent instead. */
  readonly compressed: { readonly encoding: Encoding; readonly ending: string } | null
  /** Whether there is a compressed file at all, so that the answer depends on what the client accepts. */
  readonly varies: boolean
}

export type Choice = ChosenFile | 'missing' | 'needs-slash'

export type Encoding = 'br' | 'gzip'

const endings: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' }

/**
 * Chooses the file for a URL path, below `root`, which is a real path. A path that leaves the folder is missing, by `..` or by a symbolic link,
 * and so is one with a part that begins with a dot, except `/.well-known/` (RFC 8615). That counts for the path and for what it really names:
 * a link, or a short name of Windows such as `GIT~1`, can name a hidden file too.
 */
export async function chooseFile(
  pathname: string,
  {
    root,
    single,
    accepts,
  }: { root: string; single: boolean; accepts: (offered: readonly Encoding[]) => Encoding | null },
): Promise<Choice> {
  const decoded = decode(pathname)
  if (decoded === null || isHidden(decoded)) return 'missing'
  const found = await lookUp(root, decoded)
  if (found?.stats.isDirectory() && !decoded.endsWith('/'))
    return (await fileAt(`${decoded}/index.html`)) ? 'needs-slash' : fallBack(decoded)
  if (found?.stats.isDirectory()) {
    const index = await fileAt(`${decoded}index.html`)
    if (index) return withCompressed(`${pathname}index.html`, { file: `${decoded}index.html`, place: index })
  }
  if (found?.stats.isFile() && !decoded.endsWith('/'))
    return withCompressed(pathname, { file: decoded, place: found })
  return fallBack(decoded)

  async function fileAt(file: string): Promise<Place | null> {
    const place = await lookUp(root, file)
    return place?.stats.isFile() ? place : null
  }

  /** The page of an app that has its own paths, for what looks like a page. */
  async function fallBack(of: string): Promise<Choice> {
    const page = single && extname(of) === '' ? await fileAt('/index.html') : null
    return page ? withCompressed('/index.html', { file: '/index.html', place: page }) : 'missing'
  }

  async function withCompressed(
    path: string,
    { file, place }: { file: string; place: Place },
  ): Promise<ChosenFile> {
    const [br, gzip] = await Promise.all([fileAt(`${file}${endings.br}`), fileAt(`${file}${endings.gzip}`)])
    const places: Readonly<Record<Encoding, Place | null>> = { br, gzip }
    const offered = (['br', 'gzip'] as const).filter((encoding) => places[encoding] !== null)
    const encoding = offered.length === 0 ? null : accepts(offered)
    return {
      path,
      place: (encoding && places[encoding]) ?? place,
      compressed: encoding && { encoding, ending: endings[encoding] },
      varies: offered.length > 0,
    }
  }
}

function decode(pathname: string): string | null {
  try {
    const decoded = decodeURIComponent(pathname)
    // A backslash is a separator on Windows alone, and belongs to no name that is served.
    return /[\0\\]/.test(decoded) || decoded.split('/').includes('..') ? null : decoded
  } catch {
    return null
  }
}

function isHidden(path: string): boolean {
  return path
    .split('/')
    .some((part, index) => part.startsWith('.') && !(index === 1 && part === '.well-known'))
}

/**
 * The folder of a ConfigMap or Secret that is mounted, to which the names beside it are links: `..2006_01_02_15_04_05.123` (the atomic writer of
 * Kubernetes). By its own path it is hidden.
 */
const mountedVersion = /^\.\.\d{4}(?:_\d\d){5}\.\d+$/

/** `null` for what does not exist, and for what lies elsewhere or is hidden once its links are followed. */
async function lookUp(root: string, path: string): Promise<Place | null> {
  try {
    const realPath = await realpath(join(root, path))
    const within = relative(root, realPath)
    const parts = within.split(sep)
    if (parts[0] === '..' || isAbsolute(within)) return null
    if (isHidden(['', ...parts.filter((part) => !mountedVersion.test(part))].join('/'))) return null
    return { realPath, stats: await stat(realPath) }
  } catch {
    return null
  }
}
