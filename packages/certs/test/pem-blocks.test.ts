import { expect, it } from 'vitest'
import { createAuthority, issueCertificate } from '../src/index.ts'
import { readPemBlocks } from '../src/judge.ts'

const authority = await createAuthority({ commonName: 'root' })
const { certPem, keyPem } = await issueCertificate({ hosts: ['localhost'], authority })
const rest = authority.certPem
const labels = (text: string): string[] | string => {
  const reading = readPemBlocks(text)
  return reading.kind === 'broken' ? reading.says : reading.blocks.map(({ label }) => label)
}

it.each([
  { what: 'LF', text: certPem + rest },
  { what: 'CRLF', text: (certPem + rest).replaceAll('\n', '\r\n') },
  { what: 'CR alone', text: (certPem + rest).replaceAll('\n', '\r') },
  {
    what: 'bag attributes',
    text: `Bag Attributes\n    localKeyID: 54 69 6D\nsubject=CN=x\n${certPem}issuer=CN=y\n${rest}`,
  },
  { what: 'indentation', text: (certPem + rest).replaceAll(/^/gm, '    ') },
  { what: 'a fingerprint between them', text: `${certPem}${'0123456789abcdef'.repeat(4)}\n${rest}` },
  { what: 'spaces instead of line ends', text: (certPem + rest).replaceAll('\n', ' ') },
])('all blocks are read from a file with $what', ({ text }) => {
  expect(labels(text)).toEqual(['CERTIFICATE', 'CERTIFICATE'])
})

it('a block is passed on in the form that every reader accepts', () => {
  const reading = readPemBlocks(keyPem.replaceAll('\n', '\r'))
  expect(reading.kind === 'blocks' && reading.blocks[0]?.pem).toBe(keyPem)
})

it.each([
  { what: 'without its end', text: certPem + rest.split('\n').slice(0, -3).join('\n'), says: 'has no end' },
  {
    what: 'whose end has four hyphens',
    text: certPem + rest.replace('-----END', '----END'),
    says: 'has no end',
  },
  {
    what: 'whose end has lost its last hyphens',
    text: certPem + rest.replace('CERTIFICATE-----\n', 'CERTIFICATE---\n'),
    says: /boundary|end of a/,
  },
  {
    what: 'whose end is cut off before another one',
    text: certPem.replace('-----END CERTIFICATE-----', '') + rest,
    says: 'line 1 has no end',
  },
  {
    what: 'without its beginning',
    text: certPem + rest.split('\n').slice(1).join('\n'),
    says: 'looks like a part of a block',
  },
  {
    what: 'with four hyphens before its beginning',
    text: certPem + rest.replace('-----BEGIN', '----BEGIN'),
    says: 'looks like a boundary',
  },
  {
    what: 'that ends as something else',
    text: certPem.replace('END CERTIFICATE', 'END X509 CRL'),
    says: 'begins as CERTIFICATE in line 1 and ends as X509 CRL',
  },
  {
    what: 'with a line missing inside',
    text: certPem + rest.split('\n').toSpliced(3, 1).join('\n'),
    says: 'is cut off: it should have',
  },
  {
    what: 'with a foreign character inside',
    text: certPem.replace('MII', 'M*I'),
    says: 'there is "*" among its Base64',
  },
  {
    what: 'without content',
    text: `${certPem}-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n`,
    says: 'is empty',
  },
])('a block $what is not skipped', ({ text, says }) => {
  expect(labels(text)).toMatch(says)
})
