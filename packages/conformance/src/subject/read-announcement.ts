import type { BoundAddress, Verification } from '@lockstep/core'
import type { Subject } from './subject.ts'

type Announcement = Pick<Subject, 'addresses' | 'verified' | 'backend' | 'pid'>

/** What a command has announced on standard output; `null` when it has not yet. */
export function readAnnouncement(stdout: string): Announcement | null {
  return readReadyLine(stdout) ?? readBanner(stdout)
}

interface ReadyLine {
  readonly addresses: readonly BoundAddress[]
  readonly verification: Pick<Verification, 'endpoints'> | null
  readonly backend: string
  readonly pid: number
}

function readReadyLine(stdout: string): Announcement | null {
  const line = stdout.split('\n').find((text) => text.includes('"type":"ready"') && text.endsWith('}'))
  if (line === undefined) return null
  const { addresses, verification, backend, pid } = JSON.parse(line) as ReadyLine
  return {
    addresses,
    backend,
    pid,
    verified:
      verification?.endpoints.map(({ connectedTo, tls }) => ({
        connectedTo,
        fingerprint256: tls?.fingerprint256 ?? null,
      })) ?? null,
  }
}

/** The banner is for people: it does not contain the process id. */
function readBanner(stdout: string): Announcement | null {
  const verified = /➜ Verified: (.+)\n/.exec(stdout)?.[1]
  const backend = / ([a-z-]+), \d+ workers?, ready in \d+ ms/.exec(stdout)?.[1]
  if (verified === undefined || backend === undefined) return null
  const urls = [...stdout.matchAll(/➜ Local: +(\S+)/g)].map(([, url = '']) => new URL(url))
  const sockets = [...stdout.matchAll(/➜ Socket: +(.+)/g)].map(([, path = '']) => path)
  const fingerprint256 = /➜ SHA-256: +(\S+)/.exec(stdout)?.[1] ?? null
  const targets = / on (\S.*)$/.exec(verified.replace(/^on the wire/, ''))?.[1]?.split(', ')
  return {
    addresses: [
      ...urls.map(
        ({ hostname, port }): BoundAddress => ({
          kind: 'tcp',
          host: hostname.replaceAll(/[[\]]/g, ''),
          port: Number(port),
        }),
      ),
      ...sockets.map((path): BoundAddress => ({ kind: 'unix', path })),
    ],
    backend,
    pid: 0,
    verified: verified.startsWith('no:')
      ? null
      : (targets ?? []).map((connectedTo) => ({ connectedTo, fingerprint256 })),
  }
}
