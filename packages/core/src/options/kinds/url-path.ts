import { z } from 'zod'
import type { Kind } from './kind.ts'

/** The path of a URL as clients send it: no query, no fragment, nothing to be decoded (RFC 3986 section 3.3). */
export const urlPath: Kind<string, string> = {
  placeholder: '<path>',
  expects: 'a path of a URL such as /ready, without a query',
  schema: z.string().regex(/^\/[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/),
  fromText: (given) => given,
}
