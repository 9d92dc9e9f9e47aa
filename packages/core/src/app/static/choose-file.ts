import { realpath, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

/** A file of the folder, by the URL path that `send()` takes. */
export interface ChosenFile {
  /** Percent-encoded, and begins with a slash. */
  readonly path: string
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
 * and so is one with a part that begins with a dot, except `/.well-known/` (RFC 8615).
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
  const found = await kindOf(root, decoded)
  if (found === 'folder' && !decoded.endsWith('/'))
    return (await kindOf(root, `${decoded}/index.html`)) === 'file' ? 'needs-slash' : fallBack(decoded)
  if (found === 'folder' && (await kindOf(root, `${decoded}index.html`)) === 'file')
    return withCompressed(`${pathname}index.html`, `${decoded}index.html`)
  if (found === 'file' && !decoded.endsWith('/')) return withCompressed(pathname, decoded)
  return fallBack(decoded)

  /** The page of an app that has its own paths, for what looks like a page. */
  async function fallBack(of: string): Promise<Choice> {
    const isPage = extname(of) === ''
    return single && isPage && (await kindOf(root, '/index.html')) === 'file'
      ? withCompressed('/index.html', '/index.html')
      : 'missing'
  }

  async function withCompressed(path: string, file: string): Promise<ChosenFile> {
    const there = await Promise.all(
      (['br', 'gzip'] as const).map(async (encoding) =>
        (await kindOf(root, `${file}${endings[encoding]}`)) === 'file' ? encoding : null,
      ),
    )
    const offered = there.filter((encoding) => encoding !== null)
    const encoding = offered.length === 0 ? null : accepts(offered)
    return {
      path,
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

/** `null` for what does not exist, is neither, or lies elsewhere once its links are followed. */
async function kindOf(root: string, path: string): Promise<'file' | 'folder' | null> {
  try {
    const real = await realpath(join(root, path))
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) return null
    const found = await stat(real)
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : null
  } catch {
    return null
  }
}
