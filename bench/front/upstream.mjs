import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinnedTo } from '../measuring/cores.mjs'

const nodeProgram = fileURLToPath(new URL('../apps/behind-front.mjs', import.meta.url))

/**
 * A folder with what the program behind the fronts needs. `nginx` and `node` are commands for `lockstep exec`: they write the port that
 * Lockstep has chosen into the folder, so that other fronts pass requests on to the same process.
 */
export function upstreamFolder({ core = null, largeBytes = 0 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'))
  writeFileSync(join(folder, 'large'), '')
  truncateSync(join(folder, 'large'), largeBytes)
  writeFileSync(join(folder, 'nginx.conf'), nginxConfig(folder))
  const command = (words, prepare = '') => [
    ...['sh', '-ec', `echo {port} > ${folder}/port; ${prepare} exec "$@"`, 'sh'],
    ...pinnedTo(core, words),
  ]
  const own = `${folder}/{port}.conf`
  return {
    nginx: command(
      ['nginx', '-p', folder, '-e', 'stderr', '-c', own],
      `sed s/PORT/{port}/ ${folder}/nginx.conf > ${own};`,
    ),
    node: command([process.execPath, nodeProgram, '{port}']),
    port: () => Number(readFileSync(join(folder, 'port'), 'utf8')),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** One process, one fixed answer, and a large file. It answers a request before it has read the body. */
function nginxConfig(folder) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
daemon off;
master_process off;
pid ${folder}/PORT.pid;
worker_rlimit_nofile 16384;
events { worker_connections 16384; }
http {
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  access_log off;
  default_type text/plain;
  keepalive_requests 1000000000;
  client_max_body_size 0;
  server {
    listen 127.0.0.1:PORT backlog=2048;
    location / { return 200 hello; }
    location /large { root ${folder}; sendfile on; }
  }
}
`
}
