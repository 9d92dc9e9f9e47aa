import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { Observation } from '../observation.ts'
import type { Asked, AskedTls } from './asked.ts'
import { request } from './node-client.ts'

/** One GET by Node. */
export function askByNode(
  { tls, ...rest }: Asked,
  { deadlineMs }: { deadlineMs: number },
): Promise<Observation> {
  return request({ ...rest, deadlineMs, ...(tls && { tls: connectionOptions(tls) }) })
}

function connectionOptions(tls: AskedTls): ConnectionOptions {
  const { version, ciphers, ciphersuites, groups, sigalgs, certificate, trust, alpn, servername } = tls
  const weak = version === 'TLSv1.1' ? 'ALL:@SECLEVEL=0' : undefined
  const cipherList = [ciphersuites, ciphers ?? weak].filter((list) => list !== undefined).join(':')
  return {
    ...(version && { minVersion: version, maxVersion: version }),
    ...(cipherList !== '' && { ciphers: cipherList }),
    ...(groups !== undefined && { ecdhCurve: groups }),
    ...(sigalgs !== undefined && { sigalgs }),
    ...(certificate && {
      cert: readFileSync(certificate.certFile),
      key: readFileSync(certificate.keyFile),
    }),
    ...(trust !== undefined && { ca: readFileSync(trust), rejectUnauthorized: true }),
    ...(alpn && { ALPNProtocols: [...alpn] }),
    servername: servername ?? '',
  }
}
