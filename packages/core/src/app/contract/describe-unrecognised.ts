import { LaunchError } from '../../errors/launch-error.ts'
import type { PartOfApp } from './part-of-app.ts'

/** What can be recognised, for the message of a refusal. */
const recognisable =
  'a (req, res) or (req, res, next) function, { fetch }, an app of Express, Koa, Fastify or Hono, an http.Server that listens for requests or upgrades, a WebSocketServer of ws, or a factory of any of these'

const cures: Readonly<Record<PartOfApp, string>> = {
  'a plugin of Fastify':
    'Start it with fastify-cli: `lockstep run node_modules/fastify-cli/cli.js -- start FILE`. Or export the app that registers it.',
  'a middleware of Koa': 'Export the app that uses it: `new Koa().use(middleware)`.',
}

/** For what a module exports, or its factory returns, that can't be served. */
export function describeUnrecognised(
  app: unknown,
  {
    where,
    wanted = recognisable,
    part = null,
    hint = cureOf(app, part),
  }: { where: string; wanted?: string; part?: PartOfApp | null; hint?: string },
): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_APP_UNRECOGNISED',
    message: `What ${where} ${where.startsWith('the factory') ? 'returns' : 'exports'} is ${part ?? describe(app)}, which cannot be served. It must be ${wanted}.`,
    hint,
  })
}

function cureOf(app: unknown, part: PartOfApp | null): string {
  if (part !== null) return `${cures[part]} If it handles requests, (req, res), set --interface node.`
  return isEcosystemFile(app)
    ? 'It is an ecosystem file of PM2. Name the file of the app instead. docs/from-pm2.md shows the same settings for Lockstep.'
    : 'Export the app itself, name another export as in app.js:EXPORT, or say what it is with --interface.'
}

/** `module.exports = { apps: [{ script }] }` */
function isEcosystemFile(app: unknown): boolean {
  return typeof app === 'object' && app !== null && 'apps' in app && Array.isArray(app.apps)
}

function describe(app: unknown): string {
  if (app === null || app === undefined) return String(app)
  if (typeof app === 'function')
    return Function.prototype.toString.call(app).startsWith('class')
      ? `the class ${app.name}`
      : `a function with ${app.length === 1 ? 'one parameter' : `${app.length} parameters`}`
  if (typeof app !== 'object') return `a ${typeof app}`
  const keys = Object.keys(app).slice(0, 8)
  const made = app.constructor?.name
  return `${made && made !== 'Object' ? `an instance of ${made}` : 'an object'} with ${keys.length === 0 ? 'no keys' : `the keys ${keys.join(', ')}`}`
}
