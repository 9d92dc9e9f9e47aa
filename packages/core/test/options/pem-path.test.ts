import { describe, expect, it } from 'vitest'
import { looksLikeKeyText } from '../../src/options/kinds/tls/pem-path.ts'

describe('text given as a path', () => {
  it.each([
    'C:\\nginx\\certs\\key.pem',
    'Z:\\tmp\\suite\\not-yet-valid\\key.pem',
    '\\\\server\\share\\new\\key.pem',
    '/etc/nginx/certs/key.pem',
    'certs\\new.pem',
  ])('is a path: %s', (path) => {
    expect(looksLikeKeyText(path)).toBe(false)
  })

  it.each([
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\\nabc',
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg',
    'one line\nand another',
    '-----BEGIN',
  ])('may be a key: %j', (text) => {
    expect(looksLikeKeyText(text)).toBe(true)
  })
})
