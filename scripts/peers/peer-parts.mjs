import { caddyBuild } from './caddy-build.mjs'
import { debianProgram } from './debian-program.mjs'
import { nodePackage } from './node-package.mjs'
import { pythonEnvironment } from './python-environment.mjs'

/** What is set up together. */
export const peerParts = {
  python: pythonEnvironment('current', { takes: 'about 15 seconds' }),
  'python-gunicorn-26': pythonEnvironment('gunicorn-26', { takes: 'about 5 seconds' }),
  'python-old': pythonEnvironment('old', { takes: 'about 10 seconds' }),
  'node-red': nodePackage('node-red', { takes: 'about 30 seconds' }),
  nginx: debianProgram('nginx'),
  haproxy: debianProgram('haproxy'),
  caddy: caddyBuild,
}
