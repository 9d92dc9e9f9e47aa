import assert from 'node:assert/strict'
import http from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { ContractRowName } from '@lockstep/core/internal'
import { request } from '../../../clients/http/node-client.ts'
import { type ContractCase, contractApp } from './contract-case.ts'

const app = contractApp('listening')
const source = 'docs/app-contract.md'

/** What the program does, with the rows that this observes. */
const served = {
  listens: ['listening/first server', 'listening/port', 'listening/callback'],
  'listens later': ['listening/later'],
  'exports too': ['listening/exported too'],
  'opens a socket': ['listening/own socket'],
} as const satisfies Record<string, readonly ContractRowName[]>

const refused = {
  never: ['exports nothing and never listens', 'listening/never', 'LOCKSTEP_ERR_BOOT_TIMEOUT'],
  'another app': [
    'exports an app, and lets the server of another one listen',
    'listening/another app',
    'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
  ],
  'another server': [
    'lets two servers of different apps listen',
    'listening/another server',
    'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
  ],
  'shares its port': [
    'calls listen({ reusePort: true })',
    'listening/other settings',
    'LOCKSTEP_ERR_APP_SERVER_SETTING',
  ],
  forks: ['calls fork() of node:cluster', 'listening/node:cluster', 'LOCKSTEP_ERR_APP_FORKS'],
} as const satisfies Record<string, readonly [string, ContractRowName, string]>

// The process is that of the program only where no other program calls launch() in it.
const doors = ['command'] as const

export const listeningCases: readonly ContractCase[] = [
  ...Object.entries(served).map(
    ([does, contract]): ContractCase => ({
      id: `app/listen/${kebab(does)}`,
      level: 'MUST',
      requirement: `A program is served that ${does}.`,
      source,
      observes: ['app', 'port'],
      contract,
      doors,
      ...(does === 'opens a socket' && { needs: ['unix-sockets'] as const }),
      async run({ start, folder }) {
        const subject = await start({ app }, { variables: { SUITE_LISTENS: does } })
        const seen = JSON.parse((await request({ ...subject })).body) as {
          does: string
          isCalledBack: boolean
          listening: boolean
          address: { port: number } | null
        }
        assert.deepEqual([seen.does, seen.isCalledBack, seen.listening], [does, true, true])
        assert.equal(seen.address?.port, subject.port)
        if (does === 'opens a socket') assert.equal(await bodyAt(join(folder, 'own.sock')), 'a socket')
      },
    }),
  ),
  ...Object.entries(refused).map(
    ([does, [what, row, code]]): ContractCase => ({
      id: `app/listen/refuses-${kebab(does)}`,
      level: 'MUST',
      requirement: `A launch is refused when a program ${what}.`,
      source,
      observes: ['app'],
      contract: [row],
      doors,
      async run({ startRefused }) {
        const failure = await startRefused(
          { app, timeouts: { boot: does === 'never' ? '1500ms' : '20s' } },
          { variables: { SUITE_LISTENS: does } },
        )
        assert.equal(failure.code, code, failure.message)
      },
    }),
  ),
]

function bodyAt(socketPath: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  http
    .get({ socketPath, path: '/', agent: false }, (response) => resolve(text(response)))
    .once('error', reject)
  return promise
}

function kebab(words: string): string {
  return words.replaceAll(' ', '-')
}
