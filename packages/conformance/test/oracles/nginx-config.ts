import { isIPv6 } from 'node:net'
import type { LaunchPlan } from '@lockstep/core/backend'
import { nginxTlsDirectives } from './nginx-tls-directives.ts'

const temporaryFolders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

/** A plan as a configuration of nginx, with the answers of the suite's app. File names are relative to the folder of the configuration. */
export function nginxConfig(plan: LaunchPlan, { host, port }: { host: string; port: number }): string {
  const address = `${isIPv6(host) ? `[${host}]` : host}:${port}`
  return `
daemon off;
pid nginx.pid;
error_log stderr notice;
worker_processes ${plan.workers};
events {}
http {
  access_log off;
  default_type application/json;
  ${temporaryFolders.map((name) => `${name}_temp_path ${name};`).join('\n  ')}
  map $https $encrypted { on true; default false; }
  map $ssl_client_verify $authorized { SUCCESS true; default false; }
  server {
    listen ${address} backlog=${plan.backlog}${plan.tls ? ' ssl' : ''};
    ${plan.tls ? nginxTlsDirectives(plan.tls).join('\n    ') : ''}
    location = /pid { return 200 '{"pid":$pid}'; }
    location = /tls { return 200 '{"encrypted":$encrypted,"authorized":$authorized}'; }
    location / { return 200 '{"app":"observable","path":"$uri"}'; }
  }
}
`
}
