// Servers that end TLS and pass requests on to the same program. Each has one thread that serves, TLS 1.3 and the same cipher suite.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peer, peerProblem, peerVersion } from '../../scripts/peers/peers.mjs'
import { startConfigured } from '../subjects/configured.mjs'
import { command } from '../subjects/lockstep.mjs'
import { hasProgram, versionOf } from '../subjects/programs.mjs'
import { runProgram } from '../subjects/run-program.mjs'
import { startProcess } from '../subjects/start-process.mjs'

/** Go chooses it by itself where the processor has AES, and has no setting for it. */
export const cipherSuite = 'TLS_AES_128_GCM_SHA256'
const quietSeconds = 600

/** `lockstep exec`. It starts the program itself, which is not counted among its processes. */
export const lockstepFront = {
  name: 'lockstep exec',
  version: () => process.version,
  missing: () => null,
  async start({ program, pair, core = null, flags = [] }) {
    const home = mkdtempSync(join(tmpdir(), 'lockstep-bench-'))
    const env = { XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home }
    const server = await startProcess(
      (port) => [
        ...[process.execPath, command, 'exec', '--port', String(port)],
        ...['--tls-cert', pair.cert, '--tls-key', pair.key],
        ...['--tls-min-version', 'TLSv1.3', '--tls-ciphersuites', cipherSuite],
        ...flags,
        '--',
        ...program,
      ],
      { pair, core, env },
    )
    return {
      ...server,
      pids: () => [server.pid],
      reload: (...options) =>
        runProgram([process.execPath, command, 'reload', '--pid', String(server.pid), ...options], { env }),
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]()
        rmSync(home, { recursive: true, force: true })
      },
    }
  },
}

/** The current one of `npm run peers`, or else that of Debian. */
export const caddyFront = {
  name: 'Caddy',
  version: () => (peerProblem('caddy') === null ? peerVersion('caddy') : versionOf('caddy', 'version')),
  missing: () => (hasProgram('caddy') ? null : peerProblem('caddy')),
  start: ({ upstream, pair, core = null }) =>
    startConfigured(
      {
        config: ({ port }) => caddyConfig({ port, upstream, pair }),
        command: ({ file }) => [
          peerProblem('caddy') === null ? peer('caddy') : 'caddy',
          ...['run', '--adapter', 'caddyfile', '--config', file],
        ],
        env: (folder) => ({ GOMAXPROCS: '1', HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }),
      },
      { pair, core },
    ),
}

/** With connections to the program that are kept, and the forwarded headers that Caddy and Lockstep send by themselves. */
export const nginxFront = {
  name: 'nginx',
  version: () => versionOf('nginx', '-v'),
  missing: () => (hasProgram('nginx') ? null : "nginx can't be started here"),
  start: ({ upstream, pair, core = null }) =>
    startConfigured(
      {
        config: ({ port, folder }) => nginxConfig({ port, folder, upstream, pair }),
        command: ({ folder, file }) => ['nginx', '-p', folder, '-c', file, '-e', 'stderr'],
      },
      { pair, core },
    ),
}

function caddyConfig({ port, upstream, pair }) {
  return `{
  admin off
  auto_https off
  default_sni localhost
  servers {
    protocols h1
  }
}
https://:${port} {
  bind 127.0.0.1
  tls ${pair.cert} ${pair.key} {
    protocols tls1.3
  }
  reverse_proxy 127.0.0.1:${upstream} {
    transport http {
      keepalive_idle_conns_per_host 64
    }
  }
}
`
}

function nginxConfig({ port, folder, upstream, pair }) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
daemon off;
${process.getuid() === 0 ? 'user root;' : ''}
pid ${folder}/pid;
worker_processes 1;
worker_rlimit_nofile 16384;
events { worker_connections 16384; }
http {
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  access_log off;
  keepalive_requests 1000000000;
  map $http_upgrade $connection_field { default upgrade; '' ''; }
  upstream program {
    server 127.0.0.1:${upstream};
    keepalive 64;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port} ssl backlog=2048;
    ssl_certificate ${pair.cert};
    ssl_certificate_key ${pair.key};
    ssl_protocols TLSv1.3;
    ssl_conf_command Ciphersuites ${cipherSuite};
    location / {
      proxy_pass http://program;
      proxy_http_version 1.1;
      proxy_read_timeout ${quietSeconds}s;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_field;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
    }
  }
}
`
}
