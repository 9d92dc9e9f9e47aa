// A front over upstreams of a test, served as a backend serves it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LockstepConfig, launch } from '@lockstep/core'
import { createAppServer, inProcessServer, listenOnAll, singleBackend } from '@lockstep/core/backend'
import { createFront, type FrontLimits, type Logger, UpstreamPool } from '@lockstep/core/internal'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'

export interface ServedFront extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly pool: UpstreamPool
  /** What the front has logged. */
  readonly logged: { readonly level: string; readonly message: string; readonly [field: string]: unknown }[]
  /** The lines of the access log until now. */
  accessLog(): {
    readonly status: number
    readonly path: string
    readonly complete: boolean
    readonly bytes: number
  }[]
  stop(): Promise<void>
}

export async function serveFront({
  upstreams = [],
  limits = {},
  options = {},
}: {
  upstreams?: readonly Parameters<UpstreamPool['add']>[0][]
  limits?: Partial<FrontLimits>
  options?: LockstepConfig
}): Promise<ServedFront> {
  const pool = new UpstreamPool(limits)
  for (const target of upstreams) pool.add(target)
  const logged: ServedFront['logged'] = []
  const writer =
    (level: string) =>
    (message: string, fields: object = {}) =>
      void logged.push({ level, message, ...fields })
  const log: Logger = {
    error: writer('error'),
    warn: writer('warn'),
    info: writer('info'),
    debug: writer('debug'),
  }
  const file = join(temporaryFolder(), 'access.log')
  const handle = await launch(
    {
      app: () => undefined,
      bind: ['127.0.0.1:0'],
      accessLog: { file, format: 'json' },
      ...options,
      backend: {
        name: 'front',
        support: singleBackend.support,
        async start(plan, host) {
          const app = createFront({ pool, log })
          const server = createAppServer({ plan, app, log, worker: null })
          const listeners = await listenOnAll(plan.addresses, {
            backlog: plan.backlog,
            pauseOnConnect: false,
            onConnection: server.accept,
          })
          return inProcessServer({ plan, host, app, server, listeners, redirects: [] })
        },
      },
    } as LockstepConfig,
    { config: false, envFile: false, environment: false },
  )
  return {
    url: handle.url,
    port: Number(new URL(handle.url).port),
    pool,
    logged,
    accessLog: () =>
      existsSync(file)
        ? readFileSync(file, 'utf8')
            .trim()
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line))
        : [],
    stop: async () => void (await handle.stop()),
    [Symbol.asyncDispose]: async () => void (await handle.stop()),
  }
}
