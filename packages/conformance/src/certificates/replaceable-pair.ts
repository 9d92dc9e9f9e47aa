import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PairFiles } from '../certificates.ts'

type Pems = Pick<PairFiles, 'certPem' | 'keyPem'>

/** A certificate and a key under paths that stay, while another program renews what is behind them. */
export interface ReplaceablePair {
  readonly cert: string
  readonly key: string
  replace(pair: Pems): void
}

/** Files that are written beside and renamed into place, as careful programs do. */
export function renamedFiles(folder: string, first: Pems): ReplaceablePair {
  const paths = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  const replace = ({ certPem, keyPem }: Pems): void => {
    writeFileSync(`${paths.cert}.new`, certPem, { mode: 0o600 })
    writeFileSync(`${paths.key}.new`, keyPem, { mode: 0o600 })
    renameSync(`${paths.cert}.new`, paths.cert)
    renameSync(`${paths.key}.new`, paths.key)
  }
  replace(first)
  return { ...paths, replace }
}

/** A folder with both files, that is replaced by another one, as by a script that fetches all of it again. */
export function replacedFolder(folder: string, first: Pems): ReplaceablePair {
  let version = 0
  const certs = join(folder, 'certs')
  const replace = ({ certPem, keyPem }: Pems): void => {
    version += 1
    mkdirSync(`${certs}.new`, { mode: 0o700 })
    writeFileSync(join(`${certs}.new`, 'cert.pem'), certPem, { mode: 0o600 })
    writeFileSync(join(`${certs}.new`, 'key.pem'), keyPem, { mode: 0o600 })
    if (version > 1) renameSync(certs, `${certs}.${version}`)
    renameSync(`${certs}.new`, certs)
  }
  replace(first)
  return { cert: join(certs, 'cert.pem'), key: join(certs, 'key.pem'), replace }
}

/**
 * A secret as the kubelet mounts it: the files are links into `..data`, which is a link to a folder with the time in its name, and
 * is swapped by a rename (`pkg/volume/util/atomic_writer.go`).
 */
export function kubernetesSecret(folder: string, first: Pems): ReplaceablePair {
  let version = 0
  const mount = join(folder, 'secret')
  const replace = ({ certPem, keyPem }: Pems): void => {
    version += 1
    const stamp = `..2026_01_01_00_00_0${version}.123456789`
    mkdirSync(join(mount, stamp), { recursive: true, mode: 0o700 })
    writeFileSync(join(mount, stamp, 'tls.crt'), certPem, { mode: 0o600 })
    writeFileSync(join(mount, stamp, 'tls.key'), keyPem, { mode: 0o600 })
    symlinkSync(stamp, join(mount, '..data_tmp'))
    renameSync(join(mount, '..data_tmp'), join(mount, '..data'))
  }
  replace(first)
  const link = (name: string): string => {
    symlinkSync(join('..data', name), join(mount, name))
    return join(mount, name)
  }
  return { cert: link('tls.crt'), key: link('tls.key'), replace }
}

/** Certbot's folders: `live/NAME/` holds links to numbered files in `archive/NAME/`, which are swapped one after the other. */
export function certbotFolder(folder: string, first: Pems): ReplaceablePair {
  let version = 0
  const archive = join(folder, 'archive', 'localhost')
  const live = join(folder, 'live', 'localhost')
  for (const each of [archive, live]) mkdirSync(each, { recursive: true, mode: 0o700 })
  const put = (name: string, text: string): void => {
    const file = `${name}${version}.pem`
    writeFileSync(join(archive, file), text, { mode: 0o600 })
    const link = join(live, `${name}.pem`)
    symlinkSync(join('..', '..', 'archive', 'localhost', file), `${link}.new`)
    renameSync(`${link}.new`, link)
  }
  const replace = ({ certPem, keyPem }: Pems): void => {
    version += 1
    put('privkey', keyPem)
    put('fullchain', certPem)
  }
  replace(first)
  return { cert: join(live, 'fullchain.pem'), key: join(live, 'privkey.pem'), replace }
}
