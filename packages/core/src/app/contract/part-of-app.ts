/**
 * Functions that have as many parameters as a handler of requests, and are only a part of an app, by the names of their parameters, as the
 * guides of the framework write them.
 */
const parts = {
  'a plugin of Fastify': /^fastify,/,
  'a middleware of Koa': /^(?:ctx|context),next$/,
} as const

export type PartOfApp = keyof typeof parts

/**
 * Which part of an app a function is, if the names of its parameters show that; else `null`. It would be called with a request and a response,
 * and fail on each.
 */
export function partOfApp(given: { readonly length: number }): PartOfApp | null {
  if (given.length !== 2) return null
  const text = Function.prototype.toString.call(given)
  const [, listed = ''] = /^(?:async\s*)?(?:function\b[^(]*)?\(([^()]*)\)/.exec(text) ?? []
  const names = listed.replaceAll(/\s+/g, '')
  return (Object.keys(parts) as PartOfApp[]).find((part) => parts[part].test(names)) ?? null
}
