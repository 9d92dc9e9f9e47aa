import { startConfigured } from './configured.mjs'
import { hasProgram, versionOf } from './programs.mjs'

const connections = 16_384

/** Debian: `apt install nginx`. One fixed answer: the cost of a server without an app. */
export const nginx = {
  name: 'nginx',
  version: () => versionOf('nginx', '-v'),
  missing: () => (hasProgram('nginx') ? null : "nginx can't be started here"),
  cannot: ({ path }) => (path === '/' ? null : 'it has no app, but one fixed answer'),
  start: ({ workers = 1, pair = null, core, keepAliveSeconds = 75 }) =>
    startConfigured(
      {
        config: ({ port, folder }) => config({ port, folder, workers, pair, keepAliveSeconds }),
        command: ({ folder, file }) => ['nginx', '-p', folder, '-c', file, '-e', 'stderr'],
      },
      { pair, core },
    ),
}

function config({ port, folder, workers, pair, keepAliveSeconds }) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
daemon off;
# Otherwise workers of a primary that is root run as another user, who may not enter the folder.
${process.getuid() === 0 ? 'user root;' : ''}
pid ${folder}/pid;
worker_processes ${workers};
worker_rlimit_nofile ${connections};
events { worker_connections ${connections}; }
http {
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  access_log off;
  default_type text/plain;
  keepalive_timeout ${keepAliveSeconds}s;
  server {
    listen 127.0.0.1:${port} ${pair ? 'ssl' : ''} backlog=2048;
    ${pair ? `ssl_certificate ${pair.cert}; ssl_certificate_key ${pair.key}; ssl_protocols TLSv1.2 TLSv1.3;` : ''}
    location / { return 200 hello; }
  }
}
`
}
