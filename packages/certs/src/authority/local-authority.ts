import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../error-code.ts'
import { type Authority, createAuthority } from './authority.ts'
import { type FolderLock, withFolderLock } from './folder-lock.ts'
import { importKeyPair } from './key-pair.ts'

const dayMs = 86_400_000
/**
 * Ten years, as mkcert's and Caddy's roots have. A shorter life would not make it safer, as its key stays on this machine and
 * can name nothing public; but each new root is one more that a person has to trust by hand.
 */
const lifetimeDays = 3_650
/** A root that ends before the leaf that it issues would cut its life short. */
const renewBeforeDays = 90
const keyType = 'ec-p256'
const fileNames = { root: 'root.pem', key: 'root-key.pem' } as const

/** The CA of this user on this machine, for development. */
export interface LocalAuthority {
  readonly authority: Authority
  /** Such as `Lockstep local CA 5f0c9a3e`. */
  readonly commonName: string
  /** The file with only the root certificate, which others may read. Clients must trust it. */
  readonly rootFile: string
  /** SHA-256 of the DER, as `AA:BB:…`. */
  readonly fingerprint256: string
  readonly notAfter: Date
  /** Why an earlier one was replaced; `null` if this one already existed, or is the first. */
  readonly replaced: string | null
}

/** The files of the local CA in its folder. */
export function localAuthorityFiles(folder: string): { readonly rootFile: string; readonly keyFile: string } {
  return { rootFile: join(folder, fileNames.root), keyFile: join(folder, fileNames.key) }
}

/**
 * Returns the local CA of a folder, and creates it on first use. If several processes do this at the same time, one creates it and the others read
 * it. A CA that is damaged, or has less than 90 days left, is replaced by a new one, and `replaced` says why.
 */
export async function readOrCreateLocalAuthority({
  folder,
  now = new Date(),
}: {
  folder: string
  now?: Date
}): Promise<LocalAuthority> {
  const kept = await readLocalAuthority(folder, now)
  if ('authority' in kept) return kept
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return withFolderLock(folder, async (lock) => {
    const found = await readLocalAuthority(folder, now)
    if ('authority' in found) return found
    await create(lock, now)
    const made = await readLocalAuthority(folder, now)
    if ('authority' in made) return { ...made, replaced: found.unusable }
    throw new Error(`the local CA in ${folder} can't be read back: ${made.unusable ?? 'it is missing'}`)
  })
}

/** The stored local CA, or why there is none. `null` if none was ever created. */
export async function readLocalAuthority(
  folder: string,
  now = new Date(),
): Promise<LocalAuthority | { readonly unusable: string | null }> {
  const { rootFile, keyFile } = localAuthorityFiles(folder)
  const certPem = textOf(rootFile)
  const keyPem = textOf(keyFile)
  if (certPem === null && keyPem === null) return { unusable: null }
  if (certPem === null) return { unusable: `${rootFile} is missing` }
  if (keyPem === null) return { unusable: `${keyFile} is missing` }
  closeToOthers(folder, keyFile)
  const root = parsed(() => new X509Certificate(certPem))
  if (!root) return { unusable: `${rootFile} is damaged` }
  const key = parsed(() => createPrivateKey(keyPem))
  if (!key || !root.checkPrivateKey(key))
    return { unusable: `${keyFile} is damaged, or not the key of ${rootFile}` }
  if (!root.ca) return { unusable: `${rootFile} is not the certificate of a CA` }
  if (root.validToDate.getTime() - now.getTime() < renewBeforeDays * dayMs)
    return { unusable: `it ends on ${root.validToDate.toISOString().slice(0, 10)}` }
  return {
    authority: {
      certPem,
      keyPem,
      issuer: null,
      keys: await importKeyPair(key, keyType),
      keyType,
      fingerprint256: root.fingerprint256,
    },
    commonName: root.subject.replace(/^CN=/, ''),
    rootFile,
    fingerprint256: root.fingerprint256,
    notAfter: root.validToDate,
    replaced: null,
  }
}

/** The key first: a reader between the two finds a pair that does not fit, and waits for the lock. */
async function create(lock: FolderLock, now: Date): Promise<void> {
  const { certPem, keyPem } = await createAuthority({
    // Trust stores show the name, and a machine may have the roots of several users.
    commonName: `Lockstep local CA ${randomBytes(4).toString('hex')}`,
    keyType,
    notBefore: new Date(now.getTime() - dayMs),
    notAfter: new Date(now.getTime() + lifetimeDays * dayMs),
    onlyPrivateNames: true,
  })
  lock.write(fileNames.key, keyPem, { mode: 0o600 })
  lock.write(fileNames.root, certPem, { mode: 0o644 })
}

/** A backup or a copy may have widened the permissions. Windows has no mode bits, and other users cannot read the user's profile. */
function closeToOthers(folder: string, keyFile: string): void {
  if (process.platform === 'win32') return
  for (const [path, mode] of [
    [folder, 0o700],
    [keyFile, 0o600],
  ] as const)
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, mode)
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

function parsed<Result>(parse: () => Result): Result | null {
  try {
    return parse()
  } catch {
    return null
  }
}
