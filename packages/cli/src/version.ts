import { readFileSync } from 'node:fs'
import { packageFolder } from './package-folder.ts'

const manifest = JSON.parse(readFileSync(new URL('package.json', packageFolder), 'utf8')) as {
  version: string
}

export const version = manifest.version
