import type { ServerResponse } from 'node:http'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { nodeCrypto } from '../platform/node/node-crypto.ts'

/**
 * The name of the cookie. Cookies are shared by all ports of a host (RFC 6265 section 8.5), and a proxy may lead two paths of it to two servers, so that each
 * server has a name of its own. It stays the same when the server is started again.
 */
export function workerCookieName({
  name,
  app,
  addresses,
}: Pick<LaunchPlan, 'name' | 'app' | 'addresses'>): string {
  const server = JSON.stringify([name, app, addresses])
  return `lockstep_worker_${nodeCrypto().createHash('sha256').update(server).digest('hex').slice(0, 8)}`
}

/** The values of that name in a `Cookie` field: a client may have more than one, of different domains. It is what every request costs. */
export function cookieValues(field: string, name: string): string[] {
  const values: string[] = []
  for (let at = field.indexOf(name); at >= 0; at = field.indexOf(name, at + 1)) {
    const before = at === 0 ? ';' : field[at - 1]
    if ((before !== ' ' && before !== ';') || field[at + name.length] !== '=') continue
    const from = at + name.length + 1
    const end = field.indexOf(';', from)
    values.push(field.slice(from, end < 0 ? field.length : end).trim())
  }
  return values
}

/** The field `Set-Cookie` of a session cookie (RFC 6265 section 4.1). */
export function workerCookie(name: string, value: string, { isSecure }: { isSecure: boolean }): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
}

/**
 * Adds a cookie to a response when its head is written, beside those of the app, which may set its own until then. Node calls `writeHead()` also when the app
 * doesn't, and has no public way to add a field at that moment.
 */
export function addCookie(response: ServerResponse, cookie: string): void {
  const writeHead = response.writeHead as (...args: unknown[]) => ServerResponse
  Object.assign(response, {
    writeHead(...args: unknown[]) {
      if (response.headersSent) return writeHead.apply(response, args)
      const last = args.length - 1
      const fields = last > 0 ? withCookie(args[last], cookie) : null
      if (fields === null) response.appendHeader('Set-Cookie', cookie)
      return writeHead.apply(response, fields === null ? args : [...args.slice(0, last), fields])
    },
  })
}

/** Fields that are handed to `writeHead()` replace those of the same name that were set before. `null`: there is no cookie among them. */
function withCookie(fields: unknown, cookie: string): unknown {
  if (typeof fields !== 'object' || fields === null) return null
  if (!Array.isArray(fields)) {
    const name = Object.keys(fields).find(isSetCookie)
    if (name === undefined) return null
    return { ...fields, [name]: [(fields as Record<string, unknown>)[name], cookie].flat() }
  }
  if (Array.isArray(fields[0]))
    return fields.some(([name]) => isSetCookie(name)) ? [...fields, ['Set-Cookie', cookie]] : null
  return fields.some((name, index) => index % 2 === 0 && isSetCookie(name))
    ? [...fields, 'Set-Cookie', cookie]
    : null
}

function isSetCookie(name: unknown): boolean {
  return typeof name === 'string' && name.length === 10 && name.toLowerCase() === 'set-cookie'
}
