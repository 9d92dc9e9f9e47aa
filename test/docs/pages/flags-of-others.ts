import { foreignLaunchers } from '@lockstep/core/internal'

/** Flags of other programs that a page may name, by the program. Those of Lockstep come from its option table and its commands. */
export const flagsOfOthers: Readonly<Record<string, readonly string[]>> = {
  'the table of other launchers': foreignLaunchers.flatMap(({ flags }) => flags.flatMap((row) => row.flags)),
  node: [
    ...[
      '--inspect',
      '--inspect-brk',
      '--inspect-wait',
      '--disable-sigusr1',
      '--use-system-ca',
      '--permission',
    ],
    ...['--max-old-space-size', '--max-http-header-size', '--insecure-http-parser', '--security-revert'],
    ...['--tls-min-v1', '--tls-max-v1', '--tls-cipher-list'],
  ],
  gunicorn: [
    ...['--proxy-allow-from', '--threads', '--worker-class', '--pythonpath', '--limit-request-line'],
    ...['--limit-request-field', '--no-control-socket', '--env'],
  ],
  uvicorn: ['--factory', '--app-dir', '--proxy-headers', '--no-use-colors'],
  langflow: ['--backend-only'],
  vite: ['--strictPort'],
  nodemon: ['--signal'],
  systemctl: ['--value'],
  docker: ['--init', '--stop-timeout', '--cpus', '--log-opt', '--read-only'],
  pm2: ['--spa'],
  esbuild: ['--external'],
  certbot: ['--standalone', '--webroot'],
  install: ['--chown'],
  'node-red': ['--settings', '--userDir'],
  'the launchers of embedding.md': ['--certificate'],
}
