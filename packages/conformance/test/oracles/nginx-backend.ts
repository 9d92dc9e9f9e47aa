import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerBackend } from '@lockstep/core'
import { honoured } from '@lockstep/core/backend'
import { nginxConfig } from './nginx-config.ts'
import { nginxTlsFiles } from './nginx-tls-directives.ts'
import { oracleSupport } from './oracle-support.ts'
import { startProgram } from './start-program.ts'

/** The real nginx, started with a configuration made from the plan. */
export default {
  name: 'nginx',
  support: oracleSupport('nginx', {
    backlog: honoured('listen: backlog'),
    workers: honoured('worker_processes'),
    'tls.ca': honoured('ssl_client_certificate'),
    'tls.sigalgs': honoured('ssl_conf_command SignatureAlgorithms'),
    'tls.clientAuth': honoured('ssl_verify_client'),
    'tls.minVersion': honoured('ssl_protocols'),
    'tls.maxVersion': honoured('ssl_protocols'),
    'tls.ciphers': honoured('ssl_ciphers, ssl_prefer_server_ciphers'),
    'tls.ciphersuites': honoured('ssl_conf_command Ciphersuites'),
  }),
  async start(plan, { signal }) {
    // The current folder belongs to the case, which removes it however this process ends.
    const folder = mkdtempSync(join(process.cwd(), 'nginx-'))
    const write = (name: string, text: string | Uint8Array): void =>
      writeFileSync(join(folder, name), text, { mode: 0o600 })
    for (const [name, text] of Object.entries(plan.tls ? nginxTlsFiles(plan.tls) : {})) write(name, text)
    const server = await startProgram(plan, {
      signal,
      programFor(address) {
        write('nginx.conf', nginxConfig(plan, address))
        return {
          name: 'nginx',
          args: ['-e', 'stderr', '-p', folder, '-c', 'nginx.conf'],
          workersIn: (log) =>
            [...log.matchAll(/start worker process (\d+)$/gm)].map(([, pid]) => Number(pid)),
          // nginx(8), SIGNALS.
          signals: { graceful: 'SIGQUIT', now: 'SIGTERM' },
        }
      },
    })
    void server.stopped.then(() => rmSync(folder, { recursive: true, force: true }))
    return server
  },
} satisfies ServerBackend
