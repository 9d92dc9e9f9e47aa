import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issueCertificate } from '@lockstep/certs'

/**
 * Certificates for this many hosts, each in its own files. Generating a key takes long, so all have the same one, with a wildcard as the name. A
 * server does not know that. `hosts` has the files by host; `hostsFile` and `configFile` pass them to a server.
 */
export async function hostCertificates(most) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'))
  const { chainPem, keyPem } = await issueCertificate({ hosts: ['*.bench.test', 'localhost', '127.0.0.1'] })
  const pairs = Array.from({ length: most }, (_, index) => {
    const pair = { cert: join(folder, `${index}.pem`), key: join(folder, `${index}-key.pem`) }
    writeFileSync(pair.cert, chainPem)
    writeFileSync(pair.key, keyPem, { mode: 0o600 })
    return [hostName(index), pair]
  })
  const write = (name, content) => {
    const file = join(folder, name)
    writeFileSync(file, JSON.stringify(content))
    return file
  }
  return {
    pair: pairs[0][1],
    filesFor(count) {
      const hosts = Object.fromEntries(pairs.slice(0, count))
      return {
        hostsFile: write(`${count}-hosts.json`, hosts),
        configFile: write(`${count}-config.json`, { tls: { sni: hosts } }),
      }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export function hostName(index) {
  return `host-${index}.bench.test`
}
