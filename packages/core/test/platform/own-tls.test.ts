import { describe, expect, it } from 'vitest'
import { mayAskForTls } from '../../src/platform/program/own-tls.ts'

describe('a program is asked whether it speaks TLS', () => {
  it.each([
    [['uvicorn', '--ssl-keyfile', 'k.pem'], []],
    [['gunicorn', '--certfile=c.pem'], []],
    [['langflow', 'run'], ['LANGFLOW_SSL_CERT_FILE']],
    [['server'], ['HTTPS']],
  ])('for %j with %j', (words, variables) => {
    expect(mayAskForTls(words, variables)).toBe(true)
  })

  it.each([
    [
      ['node', 'server.js'],
      ['SSL_CERT_FILE', 'NODE_TLS_REJECT_UNAUTHORIZED', 'PATH', 'LOCKSTEP_TLS_CERT'],
    ],
    [
      ['python3', '-m', 'http.server'],
      ['GIT_SSL_CAINFO', 'TITLE', 'MESSAGE'],
    ],
  ])('but not for %j with %j', (words, variables) => {
    expect(mayAskForTls(words, variables)).toBe(false)
  })
})
