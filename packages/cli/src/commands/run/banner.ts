import {
  type EndpointVerification,
  type LaunchHandle,
  type PlannedApp,
  textWidth,
  visibleFacts,
  visibleText,
} from '@lockstep/core/internal'
import { nearPath } from '../../render/near-path.ts'
import { style } from '../../render/style.ts'
import { hang } from '../../render/wrap.ts'
import { version } from '../../version.ts'
import { daysUntil, networkUrls, type ReadyFacts } from '../status/server-facts.ts'

/** What a person sees when the server is ready. Every fact of TLS in it was measured on the wire. */
export function renderBanner({ handle, readyMs, ...given }: ReadyFacts): string {
  // A name, a path or a certificate may have any characters.
  const { status, product, app, directory, keylogFile, isTrustMissing } = visibleFacts(given)
  // What reads a pipe finds each fact in one line.
  const width = textWidth('stdout', Number.POSITIVE_INFINITY)
  const count = status.workers.length
  const name = status.name === null || status.name === product ? '' : ` ${status.name}`
  const title = `${style(['bold', 'green'], 'lockstep')} ${version}${name}`
  const who = `${status.backend}, ${count} ${count === 1 ? 'worker' : 'workers'}, ready in ${readyMs} ms`
  const rows: [string, string][] = [
    ...appRow(app, directory),
    ...handle.urls.map((url): [string, string] => [
      'Local',
      `${style('cyan', url)}${movedFrom(handle, url)}`,
    ]),
    ...handle.addresses.flatMap((address): [string, string][] =>
      address.kind === 'tcp' ? [] : [['Socket', visibleText(address.path)]],
    ),
    ...handle.redirects.map((address): [string, string] => ['Redirect', `${place(address)} → HTTPS`]),
    ...networkUrls(handle).map((url): [string, string] => ['Network', style('cyan', url)]),
    ...(status.listen === null ? [] : [['Set by', visibleText(status.listen)] as [string, string]]),
    ...tlsRows({ handle, status }),
    ...(isTrustMissing
      ? [
          ['Trust', `run ${style('bold', 'lockstep cert trust')} once, so that this machine accepts it`] as [
            string,
            string,
          ],
        ]
      : []),
    ...(keylogFile === null
      ? []
      : [
          ['Keylog', style('red', `${keylogFile} lets anyone who reads it decrypt all of this`)] as [
            string,
            string,
          ],
        ]),
    ['Verified', verified(handle)],
  ]
  return `\n  ${hang(`${title}  ${style('dim', who)}`, { width, margin: 4 })}\n\n${rows.map(([label, text]) => `  ${style('green', '➜')} ${`${label}:`.padEnd(9)} ${hang(text, { width, margin: 14 })}`).join('\n')}\n\n`
}

/** The file that a folder serves, which the user has not named. */
function appRow(app: PlannedApp | null, directory: string): [string, string][] {
  if (app?.kind !== 'module' || app.chosenBy === null) return []
  const { file, chosenBy, manifest } = app
  const by = manifest === null ? chosenBy : chosenBy.replace(manifest.file, 'package.json')
  return [['App', `${nearPath(file, directory)} (by ${by})`]]
}

/** An address that redirects, so it is not shown as a URL to click. */
function place(address: LaunchHandle['addresses'][number]): string {
  if (address.kind !== 'tcp') return visibleText(address.path)
  return `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}/`
}

/** The default port was taken, and the user had not set a port. */
function movedFrom({ addresses }: ReadyFacts['handle'], url: string): string {
  const port = Number(new URL(url).port)
  const address = addresses.find((each) => each.kind === 'tcp' && each.port === port)
  return address?.kind === 'tcp' && address.movedFrom !== undefined
    ? style('yellow', ` (${address.movedFrom} is taken)`)
    : ''
}

function tlsRows({ handle, status }: Pick<ReadyFacts, 'handle' | 'status'>): [string, string][] {
  const { certificate } = status
  if (!certificate) return []
  const endpoint = handle.verification?.endpoints[0]
  const tls = endpoint?.tls
  const days = daysUntil(certificate.notAfter)
  const expiry = `expires ${certificate.notAfter.toISOString().slice(0, 10)} (in ${days} ${days === 1 ? 'day' : 'days'})`
  return [
    ...(endpoint && tls
      ? [
          [
            'TLS',
            [tls.version, tls.cipher, tls.group, ...protocolsOf(endpoint)].filter(Boolean).join(', '),
          ] as [string, string],
        ]
      : []),
    [
      'Cert',
      `${certificate.subject} (${certificate.selfSigned ? 'self-signed' : `by ${certificate.issuer}`}), ${days < 30 ? style('yellow', expiry) : expiry}`,
    ],
    ['SHA-256', certificate.fingerprint256],
  ]
}

/** Those that clients got which asked for one alone, the preferred one first. */
function protocolsOf({ tls, checks }: EndpointVerification): string[] {
  const seen = checks
    .filter(({ name }) => name.startsWith('alpn-'))
    .map(({ observed }) => /^(\S+), /.exec(observed)?.[1])
  return ['h2', 'http/1.1'].filter((protocol) => protocol === tls?.alpn || seen.includes(protocol))
}

function verified({ verification }: ReadyFacts['handle']): string {
  if (!verification) return style('yellow', 'no: verify is off, so nothing above was measured')
  const checks = verification.endpoints.reduce((sum, endpoint) => sum + endpoint.checks.length, 0)
  return `on the wire, ${checks} ${checks === 1 ? 'check' : 'checks'} on ${verification.endpoints.map(({ connectedTo }) => connectedTo).join(', ')}`
}
