import { peer, peerProblem, peerVersion } from '../../scripts/peers/peers.mjs'
import { startConfigured } from './configured.mjs'

/** The current one, of `npm run peers`. One fixed answer, from as many threads of Go as others have workers. */
export const caddy = {
  name: 'Caddy',
  version: () => peerVersion('caddy'),
  missing: () => peerProblem('caddy'),
  cannot: ({ path }) => (path === '/' ? null : 'it has no app, but one fixed answer'),
  start: ({ workers = 1, pair = null, core }) =>
    startConfigured(
      {
        config: ({ port }) => config({ port, pair }),
        command: ({ file }) => [peer('caddy'), 'run', '--adapter', 'caddyfile', '--config', file],
        // Otherwise it stores its configuration in the home folder of the user that started it.
        env: (folder) => ({
          GOMAXPROCS: String(workers),
          HOME: folder,
          XDG_DATA_HOME: folder,
          XDG_CONFIG_HOME: folder,
        }),
      },
      { pair, core },
    ),
}

function config({ port, pair }) {
  return `{
  admin off
  auto_https off
  default_sni localhost
  servers {
    protocols h1
  }
}
${pair ? 'https' : 'http'}://:${port} {
  bind 127.0.0.1
  ${pair ? `tls ${pair.cert} ${pair.key}` : ''}
  respond "hello"
}
`
}
