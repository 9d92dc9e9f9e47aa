// Proxies that end TLS, each in one process or thread, before the same program.
import { fileURLToPath } from 'node:url'
import { startConfigured } from './configured.mjs'
import { command } from './lockstep.mjs'
import { hasProgram, versionOf } from './programs.mjs'
import { startProcess } from './start-process.mjs'

const program = fileURLToPath(new URL('../apps/hello-program.mjs', import.meta.url))
const missing = (name) => (hasProgram(name) ? null : `${name} can't be started here`)

/** What is behind nginx and Caddy. */
export function startHelloProgram({ core }) {
  return startProcess((port) => ['env', `PORT=${port}`, process.execPath, program], { core })
}

/** `lockstep exec`, which starts a program of its own. Of its processes, the launcher alone is measured. */
export const lockstepFront = {
  name: 'lockstep exec',
  version: () => process.version,
  missing: () => null,
  async start({ pair, core }) {
    const server = await startProcess(
      (port) => [
        ...[process.execPath, command, 'exec', '--port', String(port)],
        ...['--tls-cert', pair.cert, '--tls-key', pair.key, '--', process.execPath, program],
      ],
      { pair, core },
    )
    return { ...server, pids: () => [server.pid] }
  },
}

export const nginxProxy = {
  name: 'nginx proxy_pass',
  version: () => versionOf('nginx', '-v'),
  missing: () => missing('nginx'),
  start: ({ pair, core, upstream }) =>
    startConfigured(
      {
        config: ({ port, folder }) => nginxConfig({ port, folder, pair, upstream }),
        command: ({ folder, file }) => ['nginx', '-p', folder, '-c', file, '-e', 'stderr'],
      },
      { pair, core },
    ),
}

export const caddyProxy = {
  name: 'Caddy reverse_proxy',
  version: () => versionOf('caddy', 'version'),
  missing: () => missing('caddy'),
  start: ({ pair, core, upstream }) =>
    startConfigured(
      {
        config: ({ port }) => caddyConfig({ port, pair, upstream }),
        command: ({ file }) => ['caddy', 'run', '--adapter', 'caddyfile', '--config', file],
        env: (folder) => ({
          GOMAXPROCS: '1',
          HOME: folder,
          XDG_DATA_HOME: folder,
          XDG_CONFIG_HOME: folder,
        }),
      },
      { pair, core },
    ),
}

/** With the fields that Lockstep and Caddy set too, and as many kept connections. */
function nginxConfig({ port, folder, pair, upstream }) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
daemon off;
${process.getuid() === 0 ? 'user root;' : ''}
pid ${folder}/pid;
worker_processes 1;
events { worker_connections 4096; }
http {
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  access_log off;
  keepalive_requests 1000000000;
  upstream program {
    server 127.0.0.1:${upstream};
    keepalive 256;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port} ssl backlog=2048;
    ssl_certificate ${pair.cert};
    ssl_certificate_key ${pair.key};
    ssl_protocols TLSv1.2 TLSv1.3;
    location / {
      proxy_pass http://program;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Port $server_port;
    }
  }
}
`
}

function caddyConfig({ port, pair, upstream }) {
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
  tls ${pair.cert} ${pair.key}
  reverse_proxy 127.0.0.1:${upstream} {
    transport http {
      keepalive_idle_conns_per_host 256
    }
  }
}
`
}
