import { noBackground, noWatch, ownCertificate, restartsAtChange } from './common-answers.ts'
import { type ForeignFlag, refused } from './foreign-flag.ts'

const certificate = 'Write `--tls-cert`.'
const key = 'Write `--tls-key`.'
const workers =
  'Write `--workers 4`, or `--workers auto` for one per CPU: with more than one worker the backend is `cluster`.'
const redirect = 'Write `--tls-redirect :80`: that address answers HTTP with a redirect.'
const acme =
  'Lockstep fetches no certificates: docs/tls.md shows how certbot renews the files of `--tls-cert` and `--tls-key`.'
const address = 'Write `--bind HOST:PORT`, or `--host` and `--port`.'
const socket = 'Write `--bind unix:/run/shop.sock`.'
const nodeEnv = 'Set the variable `NODE_ENV`. Lockstep serves the same way in both.'
const inTheApp = 'Leave it out: the app does that, or a proxy in front.'

/** Flags that users guess, since many servers have one of such a name. None of them is in another table. */
export const guessedFlags: readonly ForeignFlag[] = [
  refused('--ssl --secure', 'serves HTTPS', ownCertificate),
  refused(
    '--ssl-cert --ssl-certificate --tls-certificate --certificate --cert-file',
    'is the certificate',
    certificate,
  ),
  refused('--ssl-key --tls-private-key --private-key --key-file', 'is the private key', key),
  refused(
    '--self-signed --selfsigned',
    'serves HTTPS with a certificate of its own',
    'Write `--tls-self-signed`.',
  ),
  refused('--acme --letsencrypt --auto-tls --autossl', 'fetches a certificate from an ACME server', acme),
  refused(
    '--https-port --ssl-port --tls-port',
    'listens for HTTPS on this port',
    'Write `--port`, with `--tls-cert` and `--tls-key`.',
  ),
  refused(
    '--http-port',
    'listens for HTTP on this port',
    'Write `--port`. Beside HTTPS, `--tls-redirect :80` answers HTTP with a redirect.',
  ),
  refused(
    '--redirect --redirect-https --https-redirect --force-https --force-ssl',
    'redirects HTTP to HTTPS',
    redirect,
  ),
  refused('--h2', 'serves HTTP/2', 'Write `--tls-protocols h2,http/1.1`.'),
  refused(
    '--cluster --cluster-mode',
    'runs several processes of the app',
    `${workers} \`--backend cluster\` also supervises a single worker.`,
  ),
  refused(
    '--processes --num-workers --worker-processes --cpus --forks',
    'starts this many processes of the app',
    workers,
  ),
  refused('--listen --address --addr', 'listens on this address', address),
  refused('--socket --unix --unix-socket', 'listens on this Unix socket', socket),
  refused(
    '--trust-proxy --proxy',
    'believes what a proxy in front says about clients',
    'Write `--forwarded-allow-ips` with the addresses of the proxy: docs/behind-a-proxy.md.',
  ),
  refused('--background --detach', 'runs in the background', noBackground),
  refused('--hot --live-reload --livereload', restartsAtChange, noWatch),
  refused('--dev --development --production', 'says for what the app runs', nodeEnv),
  refused('--debug', 'writes more', 'Write `--log-level debug`. For a debugger: docs/debugging.md.'),
  refused('--cors', 'lets pages of other sites read the answers', inTheApp),
  refused('--gzip --compress --compression', 'compresses the answers', inTheApp),
  refused(
    '--shutdown-timeout --stop-timeout --grace-period',
    'is how long a stop waits for requests',
    'Write `--graceful-timeout 30s`.',
  ),
]
