// What each server is asked, as data, and how the answer on the wire is judged.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createAuthority, issueCertificate } from '@lockstep/certs'
import { askTls } from './ask.mjs'

const hosts = ['localhost', '127.0.0.1']
const [served, other] = ['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES128-GCM-SHA256']
const reloadMs = 6_000
/** Another worker of the server may still read the old files. */
const settleMs = 2_000
/** As many connections in a row must get the new certificate, for a server of several workers. */
const looks = 6

/** The files that the questions name. */
export async function makeFiles(folder) {
  const write = (name, text) => {
    const file = join(folder, name)
    writeFileSync(file, text, { mode: 0o600 })
    return file
  }
  const passphrase = 'correct horse'
  const [pair, stranger, encrypted, authority] = await Promise.all([
    issueCertificate({ hosts }),
    issueCertificate({ hosts }),
    issueCertificate({ hosts, passphrase }),
    createAuthority({ commonName: 'clients' }),
  ])
  const client = await issueCertificate({ authority, hosts: [], commonName: 'a client', usage: 'client' })
  return {
    write,
    passphrase,
    pair: { cert: write('cert.pem', pair.chainPem), key: write('key.pem', pair.keyPem), ...pair },
    strangeKey: write('other-key.pem', stranger.keyPem),
    encrypted: {
      cert: write('enc-cert.pem', encrypted.chainPem),
      key: write('enc-key.pem', encrypted.keyPem),
      ...encrypted,
    },
    ca: write('ca.pem', authority.certPem),
    client: { cert: client.certPem, key: client.keyPem },
  }
}

const honoured = (how = '') => ({ verdict: 'honoured', how })
const refused = (how = 'at the start') => ({ verdict: 'refused', how })
const dropped = (how) => ({ verdict: 'dropped', how })
const worse = (how) => ({ verdict: 'worse', how })

/** What is the same for each request for TLS; null: it is served over TLS. */
function unlessTls({ seen, end }) {
  if (seen === 'plain') return worse('serves plain HTTP')
  if (seen === 'nothing') return worse('runs on, and no connection works')
  if (seen === 'ended') return end === 0 ? worse('ends with exit code 0') : refused()
  return null
}

/** A request that can't be honoured: the only good answer is a refusal. */
const mustRefuse = async (look) => unlessTls(look) ?? worse('serves, with another certificate or key')

export const questions = [
  {
    id: 'pair',
    title: 'a certificate and its key',
    asks: ({ pair }) => ({ cert: pair.cert, key: pair.key }),
    async judge(look, { pair }) {
      const failure = unlessTls(look)
      if (failure) return failure
      const { fingerprint256 } = await askTls(look.port)
      return fingerprint256 === pair.fingerprint256 ? honoured() : worse('serves another certificate')
    },
  },
  {
    id: 'mismatch',
    title: 'a key of another certificate',
    asks: ({ pair, strangeKey }) => ({ cert: pair.cert, key: strangeKey }),
    judge: mustRefuse,
  },
  {
    id: 'certificate alone',
    title: 'a certificate without its key',
    asks: ({ pair }) => ({ cert: pair.cert }),
    judge: mustRefuse,
  },
  {
    id: 'key alone',
    title: 'a key without its certificate',
    asks: ({ pair }) => ({ key: pair.key }),
    judge: mustRefuse,
  },
  {
    id: 'passphrase',
    title: 'an encrypted key with its passphrase',
    asks: ({ encrypted, passphrase }) => ({ cert: encrypted.cert, key: encrypted.key, passphrase }),
    judge: async (look) => unlessTls(look) ?? honoured(),
  },
  {
    id: 'no passphrase',
    title: 'an encrypted key without a passphrase',
    asks: ({ encrypted }) => ({ cert: encrypted.cert, key: encrypted.key }),
    judge: mustRefuse,
  },
  {
    id: 'lowest version',
    title: 'TLS 1.3 as the lowest version',
    asks: ({ pair }) => ({ cert: pair.cert, key: pair.key, minVersion: 'TLSv1.3' }),
    async judge(look) {
      const failure = unlessTls(look)
      if (failure) return failure
      const { status } = await askTls(look.port, { maxVersion: 'TLSv1.2' })
      return status === null ? honoured() : dropped('serves TLS 1.2')
    },
  },
  {
    id: 'highest version',
    title: 'TLS 1.2 as the highest version',
    asks: ({ pair }) => ({ cert: pair.cert, key: pair.key, maxVersion: 'TLSv1.2' }),
    async judge(look) {
      const failure = unlessTls(look)
      if (failure) return failure
      const { version } = await askTls(look.port)
      return version === 'TLSv1.2' ? honoured() : dropped('serves TLS 1.3')
    },
  },
  {
    id: 'ciphers',
    title: 'one cipher of TLS 1.2',
    asks: ({ pair }) => ({ cert: pair.cert, key: pair.key, ciphers: served }),
    async judge(look) {
      const failure = unlessTls(look)
      if (failure) return failure
      const asked = { maxVersion: 'TLSv1.2' }
      const [good, bad] = [
        await askTls(look.port, { ...asked, ciphers: served }),
        await askTls(look.port, { ...asked, ciphers: other }),
      ]
      if (bad.status !== null) return dropped('serves other ciphers')
      return good.status === null ? worse('serves no TLS 1.2 at all') : honoured()
    },
  },
  {
    id: 'client certificates',
    title: 'client certificates of a CA, required',
    asks: ({ pair, ca }) => ({ cert: pair.cert, key: pair.key, ca, clientAuth: true }),
    client: ({ client }) => client,
    async judge(look) {
      const failure = unlessTls(look)
      if (failure) return failure
      const { status } = await askTls(look.port)
      return status === null ? honoured() : worse('serves clients without one')
    },
  },
  {
    id: 'client certificates without a CA',
    title: 'client certificates, required, without a CA',
    asks: ({ pair }) => ({ cert: pair.cert, key: pair.key, clientAuth: true }),
    async judge(look) {
      const failure = unlessTls(look)
      if (failure) return failure
      return worse('serves clients without one')
    },
  },
  {
    id: 'http/2',
    title: 'HTTP/2',
    asks: ({ pair }) => ({ cert: pair.cert, key: pair.key, h2: true }),
    async judge(look) {
      const failure = unlessTls(look)
      if (failure) return failure
      const { alpn } = await askTls(look.port, { ALPNProtocols: ['h2', 'http/1.1'] })
      return alpn === 'h2' ? honoured() : dropped('serves HTTP/1.1')
    },
  },
  {
    id: 'renewed certificate',
    title: 'a renewed certificate in the same files',
    asks: ({ pair }) => ({ cert: pair.cert, key: pair.key }),
    async judge(look, files) {
      const failure = unlessTls(look)
      if (failure) return failure
      const next = await issueCertificate({ hosts })
      await pause(settleMs)
      try {
        files.write('key.pem', next.keyPem)
        files.write('cert.pem', next.chainPem)
        const isNew = async () => {
          const seen = await Promise.all(Array.from({ length: looks }, () => askTls(look.port)))
          return seen.every(({ fingerprint256 }) => fingerprint256 === next.fingerprint256)
        }
        if (await within(reloadMs, isNew)) return honoured('by itself')
        if (look.reloadSignal) look.child.kill(look.reloadSignal)
        if (look.reloadSignal && (await within(reloadMs, isNew)))
          return honoured(`after ${look.reloadSignal}`)
        return { verdict: 'none', how: 'needs a restart' }
      } finally {
        files.write('key.pem', files.pair.keyPem)
        files.write('cert.pem', files.pair.chainPem)
      }
    },
  },
]

async function within(ms, holds) {
  const until = performance.now() + ms
  while (performance.now() < until) {
    if (await holds()) return true
    await pause(200)
  }
  return false
}
