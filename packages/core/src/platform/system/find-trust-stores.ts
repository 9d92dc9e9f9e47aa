import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SystemStore } from '@lockstep/certs'
import { homeFolder } from '../accounts/user-data-folder.ts'
import { findProgram } from './find-program.ts'

/** Where roots can be trusted on this machine. */
export interface TrustStores {
  /** `null`: none that we know. */
  readonly system: SystemStore | null
  /** The folders of Firefox's and Chromium's own databases. Elsewhere than on Linux, both ask the system's store. */
  readonly nssDatabases: readonly string[]
  /** Whether NSS's `certutil` is there to change those. */
  readonly hasNssTool: boolean
  /** The prefix that runs a command as the administrator. Empty if this user already is. */
  readonly elevation: readonly string[]
}

export function findTrustStores(): TrustStores {
  const nssDatabases = process.platform === 'linux' ? findNssDatabases(homeFolder()) : []
  return {
    system: findSystemStore(),
    nssDatabases,
    hasNssTool: nssDatabases.length > 0 && findProgram('certutil') !== null,
    elevation: process.getuid?.() === 0 || process.platform === 'win32' ? [] : ['sudo'],
  }
}

/** By the folder that only this kind of system has, and the program that reads it. */
const linuxStores: readonly { store: SystemStore; folder: string; program: string }[] = [
  { store: 'ca-trust', folder: '/etc/pki/ca-trust/source/anchors', program: 'update-ca-trust' },
  { store: 'pki-trust', folder: '/etc/pki/trust/anchors', program: 'update-ca-certificates' },
  { store: 'ca-certificates', folder: '/usr/local/share/ca-certificates', program: 'update-ca-certificates' },
  { store: 'p11-kit', folder: '/etc/ca-certificates/trust-source', program: 'trust' },
]

function findSystemStore(): SystemStore | null {
  if (process.platform === 'darwin') return 'keychain'
  if (process.platform === 'win32') return 'windows-root'
  return (
    linuxStores.find(({ folder, program }) => existsSync(folder) && findProgram(program) !== null)?.store ??
    null
  )
}

function findNssDatabases(home: string | null): string[] {
  if (home === null) return []
  const chromium = ['.pki/nssdb', '.local/share/pki/nssdb', 'snap/chromium/current/.pki/nssdb']
  const firefox = ['.mozilla/firefox', '.config/mozilla/firefox', 'snap/firefox/common/.mozilla/firefox']
  const profiles = firefox.flatMap((folder) => {
    const path = join(home, folder)
    return existsSync(path) ? readdirSync(path).map((profile) => join(path, profile)) : []
  })
  return [...chromium.map((folder) => join(home, folder)), ...profiles].filter((folder) =>
    existsSync(join(folder, 'cert9.db')),
  )
}
