// The servers of others, each with the way it is asked for TLS. `command()` returns null for what the server has no option for.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { peerVersion as npmVersion, peerModules } from '../../bench/subjects/npm-peers.mjs'
import { peer, peerVersion } from '../peers/peers.mjs'
import { pinnedNode } from '../pinned-node.mjs'
import { rootFolder } from '../workspace.mjs'

const pythonApps = join(rootFolder, 'test/fixtures/python')
const node = pinnedNode()

/** Flags with a value, those whose value is undefined left out. */
const flags = (pairs) =>
  Object.entries(pairs).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]))

const gunicorn = (name, words) => ({
  name,
  version: () => peerVersion('gunicorn'),
  reloadSignal: 'SIGHUP',
  command: ({ port, cert, key, ca, clientAuth, ciphers, maxVersion, passphrase, minVersion, h2 }) =>
    passphrase || minVersion
      ? null
      : {
          cwd: pythonApps,
          command: [
            ...[
              peer('gunicorn'),
              '--bind',
              `127.0.0.1:${port}`,
              '--no-control-socket',
              '--graceful-timeout',
              '2',
            ],
            ...flags({ '--certfile': cert, '--keyfile': key, '--ca-certs': ca, '--ciphers': ciphers }),
            ...(clientAuth ? ['--cert-reqs', '2'] : []),
            ...(maxVersion ? ['--ssl-version', 'TLSv1_2'] : []),
            ...(h2 ? ['--http-protocols', 'h2,h1'] : []),
            ...words,
          ],
        },
})

/** PROTOCOL_TLSv1_2 of Python's module ssl. */
const tls12 = '5'

const uvicorn = {
  name: 'Uvicorn',
  version: () => peerVersion('uvicorn'),
  command: ({ port, cert, key, ca, clientAuth, ciphers, maxVersion, passphrase, minVersion, h2 }) =>
    minVersion
      ? null
      : {
          cwd: pythonApps,
          command: [
            ...[peer('uvicorn'), '--host', '127.0.0.1', '--port', String(port)],
            ...flags({
              '--ssl-certfile': cert,
              '--ssl-keyfile': key,
              '--ssl-keyfile-password': passphrase,
              '--ssl-ca-certs': ca,
              '--ssl-ciphers': ciphers,
              '--ssl-cert-reqs': clientAuth ? '2' : undefined,
              '--ssl-version': maxVersion ? tls12 : undefined,
            }),
            ...(h2 ? ['--http2'] : []),
            'apps:asgi',
          ],
        },
}

const uvicornWorkers = {
  ...uvicorn,
  name: 'Uvicorn with 2 workers',
  command: (asked) => {
    const start = uvicorn.command(asked)
    return start && { ...start, command: [...start.command, '--workers', '2'] }
  },
}

const hypercorn = {
  name: 'Hypercorn',
  version: () => peerVersion('hypercorn'),
  command: ({ port, cert, key, ca, clientAuth, ciphers, maxVersion, minVersion, passphrase }) =>
    maxVersion || minVersion
      ? null
      : {
          cwd: pythonApps,
          command: [
            ...[peer('hypercorn'), '--bind', `127.0.0.1:${port}`],
            ...flags({
              '--certfile': cert,
              '--keyfile': key,
              '--keyfile-password': passphrase,
              '--ca-certs': ca,
              '--ciphers': ciphers,
              '--verify-mode': clientAuth ? 'CERT_REQUIRED' : undefined,
            }),
            'apps:asgi',
          ],
        },
}

const granian = {
  name: 'Granian',
  version: () => peerVersion('granian'),
  command: ({ port, cert, key, ca, clientAuth, ciphers, maxVersion, minVersion, passphrase, h2 }) =>
    maxVersion || ciphers
      ? null
      : {
          cwd: pythonApps,
          command: [
            ...[peer('granian'), '--interface', 'asgi', '--host', '127.0.0.1', '--port', String(port)],
            ...flags({
              '--ssl-certificate': cert,
              '--ssl-keyfile': key,
              '--ssl-keyfile-password': passphrase,
              '--ssl-ca': ca,
              '--ssl-protocol-min': minVersion ? 'tls1.3' : undefined,
              '--http': h2 ? 'auto' : undefined,
            }),
            ...(clientAuth ? ['--ssl-client-verify'] : []),
            'apps:asgi',
          ],
        },
}

const fetchApp = `export default { fetch: () => new Response('hello') }\n`
const handlerApp = `export default (request, response) => response.end('hello')\n`
const createdApp = `import { createServer } from 'node:http'
export const create = () => createServer((request, response) => response.end('hello'))
`

const srvxWith = (name, words) => ({
  name,
  version: () => npmVersion('srvx'),
  command: ({ port, cert, key, folder, ...others }) =>
    hasOthers(others)
      ? null
      : {
          cwd: fileIn(folder, 'server.mjs', fetchApp),
          command: [
            ...[node, join(peerModules, 'srvx/bin/srvx.mjs'), 'serve', '--prod', '--entry', './server.mjs'],
            ...['--host=127.0.0.1', `--port=${port}`, ...words],
            ...(cert ? [`--cert=${cert}`] : []),
            ...(key ? [`--key=${key}`] : []),
          ],
        },
})

const listhenWith = (name, words) => ({
  name,
  version: () => npmVersion('listhen'),
  command: ({ port, cert, key, passphrase, folder, ...others }) =>
    hasOthers(others)
      ? null
      : {
          cwd: fileIn(folder, 'server.mjs', handlerApp),
          command: [
            ...[node, join(peerModules, 'listhen/bin/listhen.mjs'), './server.mjs'],
            ...[`--port=${port}`, '--host=127.0.0.1', ...words],
            ...(cert ? [`--https.cert=${cert}`] : []),
            ...(key ? [`--https.key=${key}`] : []),
            ...(passphrase ? [`--https.passphrase=${passphrase}`] : []),
          ],
        },
})

const watt = {
  name: 'Watt, with an app of node:http',
  version: () => npmVersion('wattpm'),
  command({ port, cert, key, clientAuth, ca, h2, folder, ...others }) {
    if (hasOthers(others) || ca) return null
    const project = fileIn(folder, 'app.mjs', createdApp)
    const https = {
      ...(cert && { cert: { path: cert } }),
      ...(key && { key: { path: key } }),
      ...(clientAuth && { requestCert: true, rejectUnauthorized: true }),
    }
    const server = { hostname: '127.0.0.1', port, https, ...(h2 && { http2: true }) }
    const $schema = `https://schemas.platformatic.dev/@platformatic/node/${npmVersion('@platformatic/node')}.json`
    writeFileSync(join(project, 'watt.json'), JSON.stringify({ $schema, runtime: { server } }))
    writeFileSync(
      join(project, 'package.json'),
      JSON.stringify({ name: 'app', type: 'module', main: 'app.mjs' }),
    )
    symlinkSync(peerModules, join(project, 'node_modules'))
    return {
      cwd: project,
      // It keeps its control socket in the folder for temporary files.
      env: { TMPDIR: project },
      command: [node, join(peerModules, 'wattpm/bin/cli.js'), 'start', project],
    }
  },
}

const pm2 = {
  name: 'PM2',
  version: () => npmVersion('pm2'),
  // It has no option for TLS: the app brings its own.
  command: () => null,
}

const lockstep = (name, words, cwd) => ({
  name,
  version: () => 'this commit',
  command: ({
    port,
    cert,
    key,
    ca,
    clientAuth,
    ciphers,
    maxVersion,
    minVersion,
    passphrase,
    h2,
    folder,
  }) => ({
    cwd,
    env: {
      PATH: `${join(peer('gunicorn'), '..')}:${process.env.PATH}`,
      XDG_DATA_HOME: folder,
      XDG_RUNTIME_DIR: folder,
      ...(passphrase && { LOCKSTEP_TLS_PASSPHRASE: passphrase }),
    },
    command: [
      ...[node, join(rootFolder, 'packages/cli/bin/lockstep.js'), ...words, '--port', String(port)],
      ...flags({
        '--tls-cert': cert,
        '--tls-key': key,
        '--tls-ca': ca,
        '--tls-client-auth': clientAuth ? 'require' : undefined,
        '--tls-ciphers': ciphers,
        '--tls-max-version': maxVersion,
        '--tls-min-version': minVersion,
        '--tls-protocols': h2 ? 'h2,http/1.1' : undefined,
      }),
    ],
  }),
})

export const launchers = [
  lockstep('Lockstep, backend gunicorn', ['run', 'apps.py:asgi', '--backend', 'gunicorn'], pythonApps),
  lockstep('Lockstep, backend single', ['run', 'bench/apps/hello.mjs'], rootFolder),
  gunicorn('Gunicorn (gthread)', ['--worker-class', 'gthread', 'apps:wsgi']),
  gunicorn('Gunicorn (asgi)', ['--worker-class', 'asgi', 'apps:asgi']),
  gunicorn('Gunicorn (uvicorn-worker)', ['--worker-class', 'uvicorn_worker.UvicornWorker', 'apps:asgi']),
  uvicorn,
  uvicornWorkers,
  hypercorn,
  granian,
  pm2,
  watt,
  srvxWith('srvx', ['--tls']),
  srvxWith('srvx, without --tls', []),
  listhenWith('listhen', ['--https']),
  listhenWith('listhen, without --https', []),
]

function hasOthers(asked) {
  return Object.values(asked).some((value) => value !== undefined && value !== false)
}

/** Writes an app into a new folder, which it returns. */
function fileIn(folder, name, text) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), text)
  return folder
}
