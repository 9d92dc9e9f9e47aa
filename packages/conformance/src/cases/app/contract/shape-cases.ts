import assert from 'node:assert/strict'
import type { ContractRowName } from '@lockstep/core/internal'
import { request } from '../../../clients/http/node-client.ts'
import { type ContractCase, contractApp } from './contract-case.ts'

const source = 'docs/app-contract.md'

interface Served {
  readonly rows: readonly ContractRowName[]
  readonly interface?: 'fetch'
  readonly status?: number
  readonly body?: string
}

/** By the export of the app `shapes`. */
const served = {
  koa: { rows: ['shape/Koa', 'lifespan/others'] },
  express: { rows: ['shape/Express'] },
  hono: { rows: ['shape/Hono'] },
  fastify: { rows: ['shape/Fastify'], body: 'fastify true' },
  fetchObject: {
    rows: ['shape/{ fetch }', 'fetch-setting/error', 'fetch-setting/port and hostname'],
  },
  fetchFunction: { rows: ['shape/(request) => Response'], interface: 'fetch', body: 'a bare function' },
  factory: { rows: ['shape/factory'] },
  promised: { rows: ['export/promise', 'export/named'] },
  nodeFunction: { rows: ['shape/(req, res)'] },
  middleware: { rows: ['shape/(req, res, next)'], status: 404, body: 'Not Found\n' },
  webSockets: { rows: ['shape/WebSocketServer'], status: 426, body: 'Upgrade Required\n' },
} as const satisfies Record<string, Served>

const refused = {
  AClass: { rows: ['shape/unrecognised'], code: 'LOCKSTEP_ERR_APP_UNRECOGNISED' },
  oneParameter: { rows: ['shape/one parameter'], code: 'LOCKSTEP_ERR_APP_UNRECOGNISED' },
  fastifyPlugin: { rows: ['shape/part of an app'], code: 'LOCKSTEP_ERR_APP_UNRECOGNISED' },
  errorHandler: { rows: ['shape/(error, req, res, next)'], code: 'LOCKSTEP_ERR_APP_UNRECOGNISED' },
  missing: { rows: ['export/missing'], code: 'LOCKSTEP_ERR_APP_EXPORT_MISSING' },
} as const satisfies Record<string, { rows: readonly ContractRowName[]; code: string }>

const fetchSettings = [
  ...['websocket', 'routes', 'static', 'middleware', 'plugins'],
  ...['unix', 'idleTimeout', 'maxRequestBodySize', 'onListen'],
] as const

export const shapeCases: readonly ContractCase[] = [
  ...Object.entries<Served>(served).map(
    ([name, { rows, interface: face, status = 200, body = name }]): ContractCase => ({
      id: `app/shape/serves-${kebab(name)}`,
      level: 'MUST',
      requirement: `The server serves the export of the kind ${name}.`,
      source,
      observes: ['app', ...(face ? (['interface'] as const) : [])],
      contract: rows,
      // The app is loaded by the same code, whichever way a launch comes in.
      doors: ['command'],
      async run({ start }) {
        const subject = await start({ app: contractApp('shapes', name), ...(face && { interface: face }) })
        const seen = await request({ ...subject })
        assert.deepEqual([seen.status, seen.body], [status, body])
      },
    }),
  ),
  ...Object.entries(refused).map(
    ([name, { rows, code }]): ContractCase => ({
      id: `app/shape/refuses-${kebab(name)}`,
      level: 'MUST',
      requirement: `A launch with the export of the kind ${name} is refused.`,
      source,
      observes: ['app'],
      contract: rows,
      doors: ['command'],
      async run({ startRefused }) {
        assert.equal((await startRefused({ app: contractApp('shapes', name) })).code, code)
      },
    }),
  ),
  {
    id: 'app/shape/refuses-settings-beside-fetch',
    level: 'MUST',
    requirement:
      'A launch is refused for members beside `fetch` that cannot be honoured, and the error names each.',
    source,
    observes: ['app'],
    contract: fetchSettings.map((name) => `fetch-setting/${name}` as const),
    doors: ['command'],
    async run({ startRefused }) {
      const { code, message } = await startRefused({ app: contractApp('shapes', 'refusedSettings') })
      assert.equal(code, 'LOCKSTEP_ERR_APP_SERVER_SETTING')
      const named = (/sets (.*?) beside fetch/.exec(message)?.[1] ?? '').split(', ')
      assert.deepEqual(
        fetchSettings.filter((name) => !named.includes(name)),
        [],
        message,
      )
    },
  },
  {
    id: 'app/shape/serves-a-conventional-name',
    level: 'MUST',
    requirement: 'Without a default export, the server serves the export called `handler`.',
    source,
    observes: ['app'],
    contract: ['export/handler'],
    doors: ['command'],
    async run({ start }) {
      const subject = await start({ app: contractApp('named') })
      assert.equal((await request({ ...subject })).body, 'named')
    },
  },
]

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter, index) => `${index === 0 ? '' : '-'}${letter.toLowerCase()}`)
}
