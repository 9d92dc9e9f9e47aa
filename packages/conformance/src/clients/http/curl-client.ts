import { isIPv6 } from 'node:net'
import { alertIn, type Observation, type ObservedSession } from '../observation.ts'
import { record } from '../recorder.ts'
import { readAnswer, readChain, standardCipherName } from '../tls/read-session.ts'
import { type Asked, type AskedTls, describeAsked } from './asked.ts'
import { runClient } from './run-client.ts'

/** Separates the answer from what curl reports about the transfer. */
const separator = '\n--- of the transfer ---\n'

/** One GET by curl. */
export async function askByCurl(asked: Asked, { deadlineMs }: { deadlineMs: number }): Promise<Observation> {
  const { host, port, path = '/', tls } = asked
  const { stdout, stderr, exitCode } = await runClient(
    'curl',
    [
      '--silent',
      '--show-error',
      '--verbose',
      '--include',
      '--noproxy',
      '*',
      '--max-time',
      String(deadlineMs / 1_000),
      '--write-out',
      `${separator}%{certs}`,
      ...(tls ? flags(tls, { host, port }) : []),
      `${tls ? 'https' : 'http'}://${authority(tls?.servername ?? host)}:${port}${path}`,
    ],
    { deadlineMs: deadlineMs + 2_000 },
  )
  const [answered = '', certificates = ''] = stdout.split(separator)
  const answer = exitCode === 0 ? readAnswer(answered) : null
  // curl(1), EXIT CODES: 28 is a timeout.
  const late = exitCode === 28
  const observation: Observation = {
    client: 'curl',
    outcome: answer ? 'served' : late ? 'silent' : 'refused',
    status: answer?.status ?? null,
    headers: answer?.headers ?? {},
    body: answer?.body ?? '',
    tls: sessionIn(stderr, certificates),
    reason: answer ? '' : (/^curl: \(\d+\) (.+)$/m.exec(stderr)?.[1] ?? `exit code ${exitCode}`),
    alert: answer ? null : alertIn(/^curl: .+$/m.exec(stderr)?.[0] ?? ''),
  }
  record(describeAsked(asked), observation)
  return observation
}

function flags(tls: AskedTls, { host, port }: { host: string; port: number }): string[] {
  const { version, ciphers, ciphersuites, groups, certificate, trust, alpn, servername } = tls
  const number = version?.slice('TLSv'.length)
  const weak = version === 'TLSv1.1' ? 'ALL:@SECLEVEL=0' : undefined
  return [
    ...(number === undefined ? [] : [`--tlsv${number}`, '--tls-max', number]),
    ...pair('--ciphers', ciphers ?? weak),
    ...pair('--tls13-ciphers', ciphersuites),
    ...pair('--curves', groups),
    ...(certificate ? ['--cert', certificate.certFile, '--key', certificate.keyFile] : []),
    ...(trust === undefined ? ['--insecure'] : ['--cacert', trust]),
    ...(alpn === undefined ? [] : [alpn.includes('h2') ? '--http2' : '--http1.1']),
    // The name of the ClientHello is that of the URL, so the URL has the name, and this says where it is.
    ...(servername === undefined ? [] : ['--connect-to', `${servername}:${port}:${authority(host)}:${port}`]),
  ]
}

const pair = (flag: string, value: string | undefined): string[] => (value === undefined ? [] : [flag, value])

const authority = (host: string): string => (isIPv6(host) ? `[${host}]` : host)

function sessionIn(stderr: string, certificates: string): ObservedSession | null {
  const [, version, cipher] = /SSL connection using (\S+) \/ (\S+)/.exec(stderr) ?? []
  const chain = readChain(certificates)
  if (version === undefined || cipher === undefined || !chain) return null
  return {
    version,
    cipher: standardCipherName(cipher),
    group: null,
    alpn: /ALPN: server accepted (\S+)/.exec(stderr)?.[1] ?? null,
    resumed: false,
    ...chain,
  }
}
