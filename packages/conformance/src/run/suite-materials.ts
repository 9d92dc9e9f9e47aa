import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Certificates, createCertificates } from '../certificates.ts'

/** What the cases of all runs share. */
export interface SuiteMaterials {
  readonly certificates: Certificates
  /** Where the subjects' Node keeps what it has compiled, so that they start quicker, and the cache of the user is left as it is. */
  readonly cacheFolder: string
}

interface Made extends SuiteMaterials {
  readonly folder: string
}

let made: Promise<Made> | undefined
let borrowers = 0

/** Makes them, unless another run of this process has them. The last one to give them back removes them. */
export async function borrowMaterials(): Promise<SuiteMaterials & AsyncDisposable> {
  borrowers += 1
  made ??= make()
  const mine = made
  const giveBack = async (): Promise<void> => {
    borrowers -= 1
    if (borrowers > 0) return
    made = undefined
    const { folder } = await mine
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  try {
    const { certificates, cacheFolder } = await mine
    return { certificates, cacheFolder, [Symbol.asyncDispose]: giveBack }
  } catch (error) {
    borrowers -= 1
    if (made === mine) made = undefined
    throw error
  }
}

async function make(): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-suite-'))
  return { folder, certificates: await createCertificates(folder), cacheFolder: join(folder, 'cache') }
}
