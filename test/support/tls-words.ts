import { join } from 'node:path'
import { fixtures } from './lockstep.ts'

export const hello = join(fixtures, 'apps/hello.js')

/** The words of a launch with a certificate, a key, or both. */
export function tlsWords({ cert, key }: { cert?: string; key?: string }, ...more: string[]): string[] {
  return ['run', hello, ...(cert ? ['--tls-cert', cert] : []), ...(key ? ['--tls-key', key] : []), ...more]
}
