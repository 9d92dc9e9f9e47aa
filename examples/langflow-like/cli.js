// The command of a product of its own: `node examples/langflow-like/cli.js run`. It takes the flags and variables of `langflow run`,
// and honours or refuses each of them on every platform. The app is Python, so Gunicorn runs it, and Uvicorn on Windows.
import { defineLauncher } from 'lockstep'

const noSuchPart = (what) => `this example has no ${what}`
const notAsked = ['false', '0', 'no', 'off', '']
/** A part of the product that the example lacks, as a flag and as a variable. */
const refuseBoth = (flag, reason) => ({
  [flag]: reason,
  [`LANGFLOW_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`]: { reason, unless: notAsked },
})

await defineLauncher({
  name: 'langflow-like',
  summary: 'Serves a small app as `langflow run` serves its own.',
  envPrefix: 'LANGFLOW',
  aliases: {
    '--ssl-cert-file-path': 'tls.cert',
    '--ssl-key-file-path': 'tls.key',
    '--worker-timeout': 'timeouts.hang',
  },
  variables: { LANGFLOW_SSL_CERT_FILE: 'tls.cert', LANGFLOW_SSL_KEY_FILE: 'tls.key' },
  refused: {
    '--env-file': 'Node reads this flag itself. Use --dotenv',
    ...refuseBoth('--dev', 'reloading on each change is for development only'),
    ...refuseBoth('--open-browser', 'a server opens no browser'),
    ...refuseBoth('--log-file', 'the log goes to standard error, which can be redirected'),
    ...refuseBoth('--components-path', noSuchPart('components')),
    ...refuseBoth('--frontend-path', noSuchPart('frontend')),
    ...refuseBoth('--cache', noSuchPart('cache')),
    ...refuseBoth('--max-file-size-upload', noSuchPart('uploads of files')),
    ...refuseBoth('--log-rotation', 'the log goes to standard error, so another program keeps its files'),
    ...refuseBoth('--remove-api-keys', noSuchPart('API keys')),
    ...refuseBoth('--backend-only', 'this example has only a backend'),
    ...refuseBoth('--store', noSuchPart('store')),
    ...refuseBoth('--auto-saving', noSuchPart('editor')),
    ...refuseBoth('--auto-saving-interval', noSuchPart('editor')),
    ...refuseBoth('--health-check-max-retries', 'a probe waits for --boot-timeout'),
    ...refuseBoth('--webhook-polling-interval', noSuchPart('webhooks')),
  },
  directory: import.meta.dirname,
  defaults: { app: './app.py:app', port: 7860, verify: true },
}).run()
