import { isIPv6 } from 'node:net'
import { type Asked, type AskedTls, describeAsked } from '../http/asked.ts'
import { runClient } from '../http/run-client.ts'
import { alertIn, type Observation, type ObservedSession } from '../observation.ts'
import { record } from '../recorder.ts'
import { readAnswer, readChain, standardCipherName } from './read-session.ts'

/** One GET by `openssl s_client`, judged by the answer and not by what it prints of the handshake. */
export async function askByOpenssl(
  asked: Asked,
  { deadlineMs }: { deadlineMs: number },
): Promise<Observation> {
  const { host, port, path = '/', tls = {} } = asked
  const target = isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
  const { stdout, stderr, late } = await runClient(
    'openssl',
    ['s_client', '-connect', target, '-showcerts', '-ign_eof', ...flags(tls)],
    { input: `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`, deadlineMs },
  )
  const answer = readAnswer(stdout)
  const observation: Observation = {
    client: 'openssl',
    outcome: answer ? 'served' : late ? 'silent' : 'refused',
    status: answer?.status ?? null,
    headers: answer?.headers ?? {},
    body: answer?.body ?? '',
    tls: sessionIn(stdout),
    reason: answer ? '' : late ? `nothing within ${deadlineMs} ms` : reasonIn(stderr),
    alert: answer ? null : alertIn(stderr),
  }
  record(describeAsked(asked), observation)
  return observation
}

const versionFlags = { 'TLSv1.1': '-tls1_1', 'TLSv1.2': '-tls1_2', 'TLSv1.3': '-tls1_3' } as const

function flags(tls: AskedTls): string[] {
  const { version, ciphers, ciphersuites, groups, sigalgs, certificate, trust, alpn, servername } = tls
  // OpenSSL hides the versions below 1.2 above this level.
  const weak = version === 'TLSv1.1' ? 'ALL:@SECLEVEL=0' : undefined
  return [
    ...(version ? [versionFlags[version]] : []),
    ...(servername === undefined ? ['-noservername'] : ['-servername', servername]),
    ...pair('-cipher', ciphers ?? weak),
    ...pair('-ciphersuites', ciphersuites),
    ...pair('-groups', groups),
    ...pair('-sigalgs', sigalgs),
    ...(certificate ? ['-cert', certificate.certFile, '-key', certificate.keyFile] : []),
    ...(trust === undefined ? [] : ['-CAfile', trust, '-verify_return_error']),
    ...pair('-alpn', alpn?.join(',')),
  ]
}

const pair = (flag: string, value: string | undefined): string[] => (value === undefined ? [] : [flag, value])

function sessionIn(stdout: string): ObservedSession | null {
  const [, kind, , cipher] = /^(New|Reused), ([^,]+), Cipher is (\S+)/m.exec(stdout) ?? []
  const chain = readChain(stdout)
  if (!chain || cipher === undefined || cipher === '(NONE)') return null
  const version =
    /^ +Protocol +: (\S+)/m.exec(stdout)?.[1] ?? /^(?:New|Reused), (TLSv1\.\d)/m.exec(stdout)?.[1] ?? ''
  return {
    version,
    cipher: standardCipherName(cipher),
    group:
      /^Server Temp Key: (?:ECDH, )?([\w-]+)/m.exec(stdout)?.[1] ??
      /^Negotiated TLS1\.3 group: (\S+)/m.exec(stdout)?.[1] ??
      null,
    alpn: /^ALPN protocol: (\S+)/m.exec(stdout)?.[1] ?? null,
    resumed: kind === 'Reused',
    ...chain,
  }
}

function reasonIn(stderr: string): string {
  const line = stderr.split('\n').find((text) => /error:[0-9A-F]{8}:/.test(text))
  return line?.replace(/^.*?error:[0-9A-F]{8}:[^:]*:[^:]*:/, '') ?? 'the connection was closed'
}
